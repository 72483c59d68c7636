package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import java.io.IOException;

/** The disk that a partition lies on, as the partition knows it. */
public interface PartitionDisk {
    /** The data folder that the partition's own folder is in. */
    DataFolder folder();

    /** Whether a failure means that the disk is full. May ask the system. */
    boolean isFull(IOException failure);

    /** Whether there is room for more than a little. May ask the system. */
    boolean hasRoom();

    /** The disk failed otherwise; told once by each partition, inside its strand. */
    void failed(Partition partition);
}
