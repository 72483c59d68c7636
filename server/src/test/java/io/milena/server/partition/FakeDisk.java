package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import java.util.ArrayList;
import java.util.List;

/** A disk that notes what it is told. */
public final class FakeDisk implements PartitionDisk {
    private final DataFolder folder;
    private final List<String> failed = new ArrayList<>();

    FakeDisk(DataFolder folder) {
        this.folder = folder;
    }

    @Override
    public DataFolder folder() {
        return folder;
    }

    @Override
    public void failed(Partition partition) {
        failed.add(partition.toString());
    }

    /** The partitions that failed. */
    public List<String> failed() {
        return failed;
    }
}
