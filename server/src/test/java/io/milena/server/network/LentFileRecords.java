package io.milena.server.network;

import io.milena.server.request.FileRecords;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** Records in a file of the test, which counts how many are lent. */
record LentFileRecords(FileChannel channel, long position, int sizeInBytes, AtomicInteger lent) implements FileRecords {
    @Override
    public void release() {
        lent.decrementAndGet();
    }
}
