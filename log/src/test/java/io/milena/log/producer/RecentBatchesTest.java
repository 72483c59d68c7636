package io.milena.log.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class RecentBatchesTest {
    private final RecentBatches batches = new RecentBatches();

    @Test
    void shouldKnowNothingAtFirst() {
        assertThat(batches.oldest()).isNull();
        assertThat(batches.newest()).isNull();
        assertThat(batches.lastSequence()).isEqualTo(-1);
        assertThat(batches.find(0, 0)).isNull();
    }

    @Test
    void shouldRememberTheLastFive() {
        Deque<AppendedBatch> expected = new ArrayDeque<>();
        for (int i = 0; i < 23; i++) {
            AppendedBatch batch = new AppendedBatch(10 * i + 9, 1L << 40 | i, 9, -i);
            batches.add(batch);
            expected.addLast(batch);
            if (expected.size() > RecentBatches.MAX) {
                AppendedBatch forgotten = expected.removeFirst();
                assertThat(batches.find(forgotten.firstSequence(), forgotten.lastSequence()))
                        .isNull();
            }

            assertThat(batches.isFull()).isEqualTo(expected.size() == RecentBatches.MAX);
            assertThat(batches.oldest()).isEqualTo(expected.getFirst());
            assertThat(batches.newest()).isEqualTo(batch);
            assertThat(batches.lastSequence()).isEqualTo(batch.lastSequence());
            for (AppendedBatch known : expected) {
                assertThat(batches.find(known.firstSequence(), known.lastSequence()))
                        .isEqualTo(known);
            }
        }
    }

    @Test
    void shouldKeepExtremes() {
        AppendedBatch none = new AppendedBatch(-1, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE);
        AppendedBatch last = new AppendedBatch(Integer.MAX_VALUE, 0, 0, -1);

        batches.add(none);
        batches.add(last);

        assertThat(batches.oldest()).isEqualTo(none);
        assertThat(batches.newest()).isEqualTo(last);
    }

    @Test
    void shouldBeginAnew() {
        for (int i = 0; i < 7; i++) {
            batches.add(new AppendedBatch(i, i, 0, 0));
        }

        batches.clear();
        assertThat(batches.newest()).isNull();
        assertThat(batches.find(6, 6)).isNull();

        AppendedBatch first = new AppendedBatch(0, 7, 0, 0);
        batches.add(first);
        assertThat(batches.oldest()).isEqualTo(first);
        assertThat(batches.newest()).isEqualTo(first);
    }
}
