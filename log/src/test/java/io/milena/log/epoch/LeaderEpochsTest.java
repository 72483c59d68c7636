package io.milena.log.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogException;
import io.milena.log.epoch.LeaderEpochs.EpochEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderEpochsTest {
    private final LeaderEpochs epochs = new LeaderEpochs();

    @Test
    void shouldKeepTheFirstOffsetOfAnEpoch() {
        assertThat(epochs.assign(2, 10)).isTrue();
        assertThat(epochs.assign(2, 15)).isFalse();
        assertThat(epochs.assign(4, 20)).isTrue();
        assertThat(epochs.startOffsets()).containsExactly(Map.entry(2, 10L), Map.entry(4, 20L));
        assertThat(epochs.latest()).hasValue(4);
    }

    @Test
    void shouldDropWhatContradictsANewEpoch() {
        epochs.assign(1, 5);
        epochs.assign(2, 10);
        epochs.assign(3, 15);
        epochs.assign(4, 10);
        assertThat(epochs.startOffsets()).containsExactly(Map.entry(1, 5L), Map.entry(4, 10L));
        epochs.assign(3, 30);
        assertThat(epochs.startOffsets()).containsExactly(Map.entry(1, 5L), Map.entry(3, 30L));
    }

    @Test
    void shouldKnowWhereEpochsEnd() {
        assertThat(epochs.endOffsetFor(0, 50)).isEqualTo(new EpochEnd(-1, -1));
        epochs.assign(2, 10);
        epochs.assign(5, 20);
        assertThat(epochs.endOffsetFor(-1, 50)).isEqualTo(new EpochEnd(-1, -1));
        assertThat(epochs.endOffsetFor(1, 50)).isEqualTo(new EpochEnd(1, 10));
        assertThat(epochs.endOffsetFor(2, 50)).isEqualTo(new EpochEnd(2, 20));
        assertThat(epochs.endOffsetFor(4, 50)).isEqualTo(new EpochEnd(2, 20));
        assertThat(epochs.endOffsetFor(5, 50)).isEqualTo(new EpochEnd(5, 50));
        assertThat(epochs.endOffsetFor(6, 50)).isEqualTo(new EpochEnd(-1, -1));
    }

    @Test
    void shouldFollowTruncation() {
        epochs.assign(2, 10);
        epochs.assign(5, 20);
        epochs.assign(6, 30);
        assertThat(epochs.truncateFromEnd(31)).isFalse();
        assertThat(epochs.truncateFromEnd(30)).isTrue();
        assertThat(epochs.truncateFromStart(5)).isFalse();
        assertThat(epochs.truncateFromStart(15)).isTrue();
        assertThat(epochs.startOffsets()).containsExactly(Map.entry(2, 15L), Map.entry(5, 20L));
        assertThat(epochs.truncateFromStart(25)).isTrue();
        assertThat(epochs.startOffsets()).containsExactly(Map.entry(5, 25L));
        epochs.clear();
        assertThat(epochs.latest()).isEmpty();
    }

    @Test
    void shouldSpeakKafkasCheckpointFormat() {
        assertThat(epochs.encode()).isEqualTo("0\n0\n");
        epochs.assign(0, 0);
        epochs.assign(3, 1250);
        assertThat(epochs.encode()).isEqualTo("0\n2\n0 0\n3 1250\n");
        assertThat(LeaderEpochs.decode(epochs.encode()).startOffsets()).isEqualTo(epochs.startOffsets());
        assertThat(LeaderEpochs.decode("0\n1\n7 8").startOffsets()).containsExactly(Map.entry(7, 8L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "1\n0\n", "0\n2\n0 0\n", "0\nx\n", "0\n1\n0\n", "0\n1\n0 x\n", "0\n1\n-1 0\n", "0\n-1\n"
            })
    void shouldRefuseDamagedCheckpoints(String text) {
        assertThatThrownBy(() -> LeaderEpochs.decode(text)).isInstanceOf(LogException.class);
    }

    @Test
    void shouldAgreeWithTheEpochsOfSingleRecords() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            LeaderEpochs tested = new LeaderEpochs();
            List<Integer> epochOf = new ArrayList<>();
            int epoch = 0;
            int start = 0;
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        int end = start + random.nextInt(epochOf.size() - start + 1);
                        epochOf.subList(end, epochOf.size()).clear();
                        tested.truncateFromEnd(end);
                    }
                    case 1 -> {
                        start += random.nextInt(epochOf.size() - start + 1);
                        tested.truncateFromStart(start);
                    }
                    default -> {
                        epoch += random.nextInt(3);
                        tested.assign(epoch, epochOf.size());
                        for (int i = random.nextInt(4); i >= 0; i--) {
                            epochOf.add(epoch);
                        }
                    }
                }
                for (int offset = start; offset < epochOf.size(); offset++) {
                    assertThat(tested.epochAt(offset))
                            .as("seed %d run %d offset %d", seed, run, offset)
                            .hasValue(epochOf.get(offset));
                }
                assertThat(LeaderEpochs.decode(tested.encode()).startOffsets()).isEqualTo(tested.startOffsets());
            }
        }
    }
}
