package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

class WatchListOperationsTest {
    private final List<Integer> told = new ArrayList<>();

    @RepeatedTest(20)
    void shouldBehaveLikeAnOrderedSet() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        WatchList list = new WatchList();
        List<NumberedWatch> watches = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            watches.add(new NumberedWatch(i));
        }
        Set<Integer> model = new LinkedHashSet<>();
        for (int step = 0; step < 500; step++) {
            NumberedWatch watch = watches.get(random.nextInt(watches.size()));
            if (random.nextBoolean()) {
                list.add(watch);
                model.add(watch.number);
            } else {
                list.remove(watch);
                model.remove(watch.number);
            }
            told.clear();
            list.advanced(null, 1);
            assertThat(told).as("seed %d step %d", seed, step).containsExactlyElementsOf(model);
            assertThat(list.isEmpty()).isEqualTo(model.isEmpty());
        }
    }

    private final class NumberedWatch extends PartitionWatch {
        private final int number;

        NumberedWatch(int number) {
            this.number = number;
        }

        @Override
        protected void listed(Partition partition) {}

        @Override
        protected void advanced(Partition partition, long bytes) {
            told.add(number);
        }

        @Override
        protected void changed(Partition partition) {}
    }
}
