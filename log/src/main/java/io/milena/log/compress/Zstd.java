package io.milena.log.compress;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Zstd streams whose buffers come from the library's pool. */
final class Zstd {
    private Zstd() {}

    static InputStream reading(ByteBuffer source) throws IOException {
        return new ZstdInputStreamNoFinalizer(new BufferInput(source), RecyclingBufferPool.INSTANCE);
    }

    static OutputStream writing(OutputStream target, int level) throws IOException {
        return new ZstdOutputStreamNoFinalizer(target, RecyclingBufferPool.INSTANCE, level);
    }
}
