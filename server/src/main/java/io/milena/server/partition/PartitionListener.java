package io.milena.server.partition;

/** Somebody whose own state lives and dies with this broker's lead of a partition. Both calls run inside the partition's strand. */
public interface PartitionListener {
    /** This broker leads from now on, or goes on to lead in a new epoch. */
    void leads(Partition partition);

    /** This broker leads no longer. */
    void resigned(Partition partition);
}
