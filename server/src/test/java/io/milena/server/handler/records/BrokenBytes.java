package io.milena.server.handler.records;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;

/** Breaks the bytes of a request in ways that a decoder has to notice, or to live with. */
final class BrokenBytes {
    private static final int DAMAGES = 20;

    private BrokenBytes() {}

    /** Every beginning of the bytes, but for the whole. */
    static void forEachBeginning(ByteBuffer bytes, Consumer<ByteBuffer> action) {
        for (int length = 0; length < bytes.remaining(); length++) {
            action.accept(bytes.slice(0, length));
        }
    }

    /** The bytes with one of them changed, or a few. */
    static void forSomeDamages(ByteBuffer bytes, Random random, Consumer<ByteBuffer> action) {
        for (int i = 0; i < DAMAGES; i++) {
            int at = random.nextInt(bytes.remaining());
            byte before = bytes.get(at);
            bytes.put(at, random.nextBoolean() ? (byte) random.nextInt() : (byte) (before + 1));
            action.accept(bytes);
            bytes.put(at, random.nextInt(4) == 0 ? bytes.get(at) : before);
        }
    }
}
