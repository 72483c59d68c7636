package io.milena.server.strand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrandTest {
    private final ManualExecutor home = new ManualExecutor();
    private final Strand strand = new Strand("p-0", home);
    private final List<String> ran = new ArrayList<>();

    @Test
    void shouldRunInlineWhenFree() {
        strand.execute(() -> ran.add(Thread.currentThread().getName()));

        assertThat(ran).containsExactly(Thread.currentThread().getName());
        assertThat(home.waiting()).isZero();
    }

    @Test
    void shouldQueueWorkForItselfAndRunItAfterwards() {
        strand.execute(() -> {
            strand.execute(() -> ran.add("second"));
            ran.add("first");
        });

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void shouldNeverRunAnotherStrandInline() {
        Strand other = new Strand("p-1", home);
        strand.execute(() -> other.execute(() -> {
            assertThat(other.isInside()).isTrue();
            assertThat(strand.isInside()).isFalse();
            ran.add("other");
        }));

        assertThat(ran).isEmpty();
        home.runAll();
        assertThat(ran).containsExactly("other");
    }

    @Test
    void shouldAlwaysQueueWhenAskedTo() {
        strand.executeLater(() -> ran.add("later"));
        strand.execute(() -> ran.add("after"));

        assertThat(ran).isEmpty();
        home.runAll();
        assertThat(ran).containsExactly("later", "after");
    }

    @Test
    void shouldHandTheRestToItsHomeAfterItsShare() {
        int tasks = Strand.MAX_INLINE_TASKS * 2 + 10;
        strand.execute(() -> {
            for (int i = 0; i < tasks; i++) {
                strand.execute(() -> ran.add("task"));
            }
        });

        assertThat(ran).hasSize(Strand.MAX_INLINE_TASKS);
        assertThat(home.runNext()).isTrue();
        assertThat(ran).hasSize(Strand.MAX_INLINE_TASKS * 2);
        home.runAll();
        assertThat(ran).hasSize(tasks);
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() {
        strand.execute(() -> {
            strand.execute(() -> ran.add("next"));
            throw new IllegalStateException("a task that fails, on purpose");
        });

        assertThat(ran).containsExactly("next");
        assertThat(strand.isInside()).isFalse();
    }

    @Test
    void shouldKnowWhoIsInside() {
        assertThatThrownBy(strand::assertInside)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("p-0");
        strand.execute(() -> {
            strand.assertInside();
            ran.add("inside");
        });
        assertThat(ran).containsExactly("inside");
    }
}
