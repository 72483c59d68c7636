package io.milena.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexTest {
    private static final long BASE = 5_000_000_000L;

    private static OffsetIndex offsets() {
        OffsetIndex index = new OffsetIndex(BASE);
        for (int i = 1; i <= 20; i++) {
            index.append(BASE + i * 10L, i * 100);
        }
        return index;
    }

    @Test
    void shouldFindTheLastEntryNotAboveAnOffset() {
        OffsetIndex index = offsets();

        assertThat(index.floor(BASE + 9)).isEqualTo(-1);
        assertThat(index.floor(BASE + 10)).isZero();
        assertThat(index.floor(BASE + 19)).isZero();
        assertThat(index.position(index.floor(BASE + 1000))).isEqualTo(2000);
        assertThat(index.offset(3)).isEqualTo(BASE + 40);
    }

    @Test
    void shouldFindTheLastEntryBelowAnOffsetAndNotAboveAPosition() {
        OffsetIndex index = offsets();

        assertThat(index.floor(BASE + 30, 5000)).isEqualTo(1);
        assertThat(index.floor(BASE + 3000, 250)).isEqualTo(1);
        assertThat(index.floor(BASE + 3000, 99)).isEqualTo(-1);
        assertThat(index.floor(Long.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(19);
    }

    @Test
    void shouldKeepOffsetsAcrossBytes() {
        OffsetIndex index = offsets();
        ByteBuffer bytes = index.toBytes();

        assertThat(bytes.remaining()).isEqualTo(160);
        assertThat(bytes.getInt(8)).isEqualTo(20);
        assertThat(bytes.getInt(12)).isEqualTo(200);
        OffsetIndex again = OffsetIndex.fromBytes(BASE, bytes, 3000).orElseThrow();
        assertThat(again.offset(19)).isEqualTo(index.offset(19));
        assertThat(OffsetIndex.fromBytes(BASE, index.toBytes(), 2000))
                .as("points behind the end")
                .isEmpty();
        assertThat(OffsetIndex.fromBytes(BASE, index.toBytes().limit(7), 3000)).isEmpty();
        assertThat(OffsetIndex.fromBytes(BASE, ByteBuffer.allocate(16), 3000))
                .as("zeros")
                .isEmpty();
    }

    @Test
    void shouldCutOffsetsAsACopy() {
        OffsetIndex index = offsets();

        assertThat(index.below(BASE + 31).size()).isEqualTo(3);
        assertThat(index.below(BASE + 30).size()).isEqualTo(2);
        assertThat(index.below(BASE).size()).isZero();
        assertThat(index.size()).isEqualTo(20);
    }

    @Test
    void shouldKeepAscendingTimestampsOnly() {
        TimeIndex index = new TimeIndex(BASE);
        index.append(100, BASE + 1);
        index.append(90, BASE + 5);
        index.append(100, BASE + 6);
        index.append(110, BASE + 7);

        assertThat(index.size()).isEqualTo(2);
        assertThat(index.floor(99)).isEqualTo(-1);
        assertThat(index.floor(105)).isZero();
        assertThat(index.offset(index.floor(110))).isEqualTo(BASE + 7);
        TimeIndex again = TimeIndex.fromBytes(BASE, index.toBytes()).orElseThrow();
        assertThat(again.timestamp(1)).isEqualTo(110);
        assertThat(again.below(BASE + 7).size()).isEqualTo(1);
        assertThat(TimeIndex.fromBytes(BASE, index.toBytes().limit(13))).isEmpty();
        assertThat(TimeIndex.fromBytes(BASE, ByteBuffer.allocate(24)))
                .as("zeros")
                .isEmpty();
    }

    @Test
    void shouldFindTheAbortedTransactionsThatTouchARange() {
        AbortedTransactions index = new AbortedTransactions();
        index.append(new AbortedTransaction(1, BASE, BASE + 10, BASE + 5));
        index.append(new AbortedTransaction(2, BASE + 5, BASE + 20, BASE + 21));
        index.append(new AbortedTransaction(3, BASE + 30, BASE + 40, BASE + 41));
        AbortedTransactions again =
                AbortedTransactions.fromBytes(BASE, index.toBytes()).orElseThrow();

        assertThat(producers(again, 0, 5)).containsExactly(1L);
        assertThat(producers(again, 0, 6)).containsExactly(1L, 2L);
        assertThat(producers(again, 11, 100)).containsExactly(2L, 3L);
        assertThat(producers(again, 41, 100)).isEmpty();
        assertThat(again.below(BASE + 40).size()).isEqualTo(2);
        List<AbortedTransaction> found = new ArrayList<>();
        assertThat(again.collect(BASE, BASE + 4, found)).as("complete").isTrue();
        assertThat(again.collect(BASE, BASE + 400, found)).as("complete").isFalse();
    }

    private static List<Long> producers(AbortedTransactions index, long from, long upTo) {
        List<AbortedTransaction> found = new ArrayList<>();
        index.collect(BASE + from, BASE + upTo, found);
        return found.stream().map(AbortedTransaction::producerId).toList();
    }
}
