package io.milena.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {
    @Test
    void shouldKnowTheNewestOffsetOfEachKey() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        KeyOffsets keys = new KeyOffsets(1 << 20, 0.9);
        Map<Integer, Long> model = new HashMap<>();
        for (long offset = 0; offset < 50_000; offset++) {
            int key = random.nextInt(20_000);
            model.put(key, offset);
            assertThat(keys.put(key(key), offset)).isTrue();
        }
        assertThat(keys.size()).as("seed %d", seed).isEqualTo(model.size());
        for (int key = 0; key < 20_100; key++) {
            assertThat(keys.get(key(key))).as("seed %d", seed).isEqualTo(model.getOrDefault(key, -1L));
        }
    }

    @Test
    void shouldTakeMemoryAsItGrowsUpToItsLimit() {
        KeyOffsets keys = new KeyOffsets(1 << 20, 0.9);
        assertThat(keys.sizeInBytes()).isLessThan(32 << 10);
        int count = 0;
        while (keys.put(key(count), count)) {
            count++;
        }
        assertThat(keys.sizeInBytes()).isBetween((1L << 20) - KeyOffsets.ENTRY_BYTES, 1L << 20);
        assertThat(count).isEqualTo((int) ((1 << 20) / KeyOffsets.ENTRY_BYTES * 0.9));
        assertThat(keys.get(key(0))).isZero();
        assertThat(keys.get(key(count))).isEqualTo(-1);
    }

    @Test
    void shouldHoldTwoKeysHoweverLittleMemoryItGets() {
        for (double loadFactor : new double[] {0, 0.5, 1, 7}) {
            KeyOffsets keys = new KeyOffsets(0, loadFactor);
            assertThat(keys.put(key(1), 10)).isTrue();
            assertThat(keys.put(key(2), 11)).isTrue();
            assertThat(keys.get(key(3))).isEqualTo(-1);
            while (keys.size() < 4 && keys.put(key(keys.size() + 1), 12)) {
                assertThat(keys.get(key(99))).isEqualTo(-1);
            }
            assertThat(keys.size()).isLessThan(4);
        }
    }

    @Test
    void shouldLeaveTheKeyAsItIsAndReadItFromPositionToLimit() {
        KeyOffsets keys = new KeyOffsets(1 << 20, 0.9);
        ByteBuffer inside = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
        keys.put(inside, 5);
        assertThat(inside.remaining()).isEqualTo(2);
        assertThat(keys.get(ByteBuffer.wrap(new byte[] {1, 2}))).isEqualTo(5);
    }

    private static ByteBuffer key(int value) {
        return ByteBuffer.allocate(4).putInt(0, value);
    }
}
