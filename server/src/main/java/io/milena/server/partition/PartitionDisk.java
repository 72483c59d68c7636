package io.milena.server.partition;

import io.milena.server.storage.DataFolder;

/** The disk that a partition lies on, as the partition knows it. */
public interface PartitionDisk {
    /** The data folder that the partition's own folder is in. */
    DataFolder folder();

    /** The disk refused to keep what a partition has; told once by each partition, inside its strand. */
    void failed(Partition partition);
}
