package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> closed = new ArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void shouldCloseInReverseOrderAndOnce() {
        lifecycle.opened("first", () -> closed.add("first"));
        lifecycle.opened("second", () -> closed.add("second"));
        lifecycle.stop();
        lifecycle.stop();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void shouldCloseTheOthersWhenOneFails() {
        lifecycle.opened("first", () -> closed.add("first"));
        lifecycle.opened("second", () -> {
            throw new IllegalStateException("a part that does not close");
        });
        lifecycle.opened("third", () -> closed.add("third"));
        lifecycle.stop();
        assertThat(closed).containsExactly("third", "first");
    }
}
