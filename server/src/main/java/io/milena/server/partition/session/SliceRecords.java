package io.milena.server.partition.session;

import io.milena.log.LogSlice;
import io.milena.server.request.FileRecords;
import java.nio.channels.FileChannel;

/**
 * The records of a response that are a slice of a log.
 *
 * @param slice not empty: a response without records carries none, and then there is nothing to release
 */
record SliceRecords(LogSlice slice) implements FileRecords {
    @Override
    public int sizeInBytes() {
        return slice.sizeInBytes();
    }

    @Override
    public FileChannel channel() {
        return slice.channel();
    }

    @Override
    public long position() {
        return slice.position();
    }

    @Override
    public void release() {
        slice.close();
    }
}
