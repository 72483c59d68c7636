package io.milena.server.network;

import io.milena.protocol.Message;
import io.milena.protocol.ResponseHeader;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import io.milena.server.request.FileRecords;
import io.milena.server.request.LeasedRecords;
import io.milena.server.request.RequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of one connection: length, header and body, and the records within them from wherever they are.
 *
 * <pre>
 *   written | small records | written | large records      | written ...
 *   `------- pooled buffer ----------' `-- region, slice --' `-- pooled buffer
 * </pre>
 *
 * Nothing leaves before the channel is flushed; then the buffers leave in one gathered write. Leased records are given back when their
 * bytes were copied, were sent, or could not be sent. Belongs to the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // writes that fail reach exceptionCaught, or release what they carried
final class ResponseEncoder {
    /** Records up to this size are copied into the response; larger ones are sent from where they are. */
    static final int MAX_COPIED_RECORDS_BYTES = 32 * 1024;

    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int WRITER_BYTES = 256;
    private static final int MAX_KEPT_WRITER_BYTES = 1024;
    private static final int MAX_BUFFER_BYTES = 256 * 1024;

    private final Channel channel;
    private Writer writer = new Writer(WRITER_BYTES);
    private int copiedTo;
    private int nextSplice;
    private int bytesToCopy;
    private @Nullable ByteBuf buffer;

    ResponseEncoder(Channel channel) {
        this.channel = channel;
    }

    /**
     * Hands a response to the channel, without flush; returns its size in bytes.
     *
     * @throws IOException if records cannot be read from their file; part of the response may be written then
     */
    int write(Exchange exchange, Message response) throws IOException {
        int size;
        boolean whole = false;
        try {
            encode(exchange, response);
            size = writer.sizeInBytes();
            writer.patchInt32(0, size - LENGTH_BYTES);
            bytesToCopy = writer.position() + recordsToCopy();
            while (nextSplice < writer.spliceCount()) {
                Writer.Splice splice = writer.splice(nextSplice);
                copyWritten(splice.position());
                nextSplice++;
                writeRecords(splice.records());
            }
            copyWritten(writer.position());
            whole = true;
        } finally {
            if (!whole && buffer != null) {
                buffer.release();
                buffer = null;
            }
            begin();
        }
        passBuffer(); // when the next response could begin, should the channel ask for it
        return size;
    }

    /** Gives back what a response holds that nobody expects. */
    void drop(Exchange exchange, Message response) {
        try {
            response.write(writer, exchange.responseVersion());
        } finally {
            begin();
        }
    }

    /** Gives back what a response holds that will not be sent; on any thread. */
    static void discard(Exchange exchange, Message response) {
        Writer writer = new Writer(WRITER_BYTES);
        try {
            response.write(writer, exchange.responseVersion());
        } finally {
            release(writer, 0);
        }
    }

    private void encode(Exchange exchange, Message response) {
        RequestContext context = exchange.context();
        writer.writeInt32(0);
        int headerVersion = context.apiKey().responseHeaderVersion(exchange.responseVersion());
        ResponseHeader.write(writer, headerVersion, context.correlationId());
        response.write(writer, exchange.responseVersion());
    }

    /** Gives back what is left of a response, and is ready for another one. */
    private void begin() {
        release(writer, nextSplice);
        nextSplice = 0;
        copiedTo = 0;
        if (writer.array().length > MAX_KEPT_WRITER_BYTES) {
            writer = new Writer(WRITER_BYTES);
        } else {
            writer.clear();
        }
    }

    private int recordsToCopy() {
        int bytes = 0;
        for (int i = 0; i < writer.spliceCount(); i++) {
            Records records = writer.splice(i).records();
            bytes += isCopied(records) ? records.sizeInBytes() : 0;
        }
        return bytes;
    }

    private void copyWritten(int end) {
        int length = end - copiedTo;
        if (length > 0) {
            bufferFor(length).writeBytes(writer.array(), copiedTo, length);
            copiedTo = end;
        }
    }

    private void writeRecords(Records records) throws IOException {
        if (!isCopied(records)) {
            passBuffer();
            writeUncopied(records);
            return;
        }
        try {
            copyRecords(records);
        } finally {
            release(records);
        }
    }

    private void copyRecords(Records records) throws IOException {
        ByteBuf target = bufferFor(records.sizeInBytes());
        if (!(records instanceof FileRecords file)) {
            target.writeBytes(records.buffer());
            return;
        }
        int copied = 0;
        while (copied < file.sizeInBytes()) {
            int read = target.writeBytes(file.channel(), file.position() + copied, file.sizeInBytes() - copied);
            if (read < 0) {
                throw new EOFException("file ends within " + file);
            }
            copied += read;
        }
    }

    private void writeUncopied(Records records) {
        if (records instanceof FileRecords file) {
            channel.write(new Region(file), channel.voidPromise());
        } else {
            ChannelPromise promise = channel.newPromise();
            promise.addListener(ignored -> release(records));
            channel.write(Unpooled.wrappedBuffer(records.buffer()), promise);
        }
    }

    /** Memory outside the heap can be sent as it is; on the heap it would be copied in any case. */
    private static boolean isCopied(Records records) {
        if (records.sizeInBytes() <= MAX_COPIED_RECORDS_BYTES) {
            return true;
        }
        return !(records instanceof FileRecords) && !records.buffer().isDirect();
    }

    private ByteBuf bufferFor(int bytes) {
        ByteBuf current = buffer;
        if (current == null || current.writableBytes() < bytes) {
            passBuffer();
            current = channel.alloc().directBuffer(Math.max(bytes, Math.min(bytesToCopy, MAX_BUFFER_BYTES)));
            buffer = current;
        }
        bytesToCopy -= bytes;
        return current;
    }

    private void passBuffer() {
        ByteBuf full = buffer;
        if (full != null) {
            buffer = null;
            channel.write(full, channel.voidPromise());
        }
    }

    private static void release(Writer writer, int firstSplice) {
        for (int i = firstSplice; i < writer.spliceCount(); i++) {
            release(writer.splice(i).records());
        }
    }

    private static void release(Records records) {
        if (records instanceof LeasedRecords leased) {
            leased.release();
        }
    }

    /** The file belongs to the log, which closes it; all that ends here is the lease. */
    private static final class Region extends DefaultFileRegion {
        private final FileRecords records;

        Region(FileRecords records) {
            super(records.channel(), records.position(), records.sizeInBytes());
            this.records = records;
        }

        @Override
        protected void deallocate() {
            records.release();
        }
    }
}
