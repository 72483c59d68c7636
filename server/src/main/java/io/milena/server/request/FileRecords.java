package io.milena.server.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Records in a response that stay in their file until they are sent. Owned by the response it is put into: the network calls
 * {@link #release()} once, when the bytes were written or never will be. The bytes must be complete in the file.
 */
public interface FileRecords extends LeasedRecords {
    /** An open file; stays open at least until the release. */
    FileChannel channel();

    /** Where in the file the records begin. */
    long position();

    /** Reads the bytes from the file; for tests and small sizes. */
    @Override
    default ByteBuffer buffer() {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes());
        try {
            while (bytes.hasRemaining()) {
                if (channel().read(bytes, position() + bytes.position()) < 0) {
                    throw new UncheckedIOException(new IOException("file ends within the records: " + this));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.flip();
    }
}
