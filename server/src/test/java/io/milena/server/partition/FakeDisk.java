package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A disk that notes what it is told, and has room or not as the test says. */
public final class FakeDisk implements PartitionDisk {
    private final DataFolder folder;
    private final List<String> failed = new ArrayList<>();
    private boolean isFull;

    FakeDisk(DataFolder folder) {
        this.folder = folder;
    }

    @Override
    public DataFolder folder() {
        return folder;
    }

    @Override
    public boolean isFull(IOException failure) {
        return isFull;
    }

    @Override
    public boolean hasRoom() {
        return !isFull;
    }

    @Override
    public void failed(Partition partition) {
        failed.add(partition.toString());
    }

    /** From now on failures mean that it is full. */
    public void fill() {
        isFull = true;
    }

    /** It has room again. */
    public void free() {
        isFull = false;
    }

    /** The partitions that failed. */
    public List<String> failed() {
        return failed;
    }
}
