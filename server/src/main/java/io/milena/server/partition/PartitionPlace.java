package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import java.io.IOException;

/** The disk that a partition lies on now; another one once it has moved. Changed inside the partition's strand, for any thread to ask. */
final class PartitionPlace implements PartitionDisk {
    private volatile PartitionDisk disk;

    PartitionPlace(PartitionDisk disk) {
        this.disk = disk;
    }

    void moved(PartitionDisk to) {
        disk = to;
    }

    @Override
    public DataFolder folder() {
        return disk.folder();
    }

    @Override
    public boolean isFull(IOException failure) {
        return disk.isFull(failure);
    }

    @Override
    public boolean hasRoom() {
        return disk.hasRoom();
    }

    @Override
    public void failed(Partition partition) {
        disk.failed(partition);
    }
}
