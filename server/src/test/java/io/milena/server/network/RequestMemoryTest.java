package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private final RequestMemory memory = new RequestMemory(100);
    private final List<String> woken = new ArrayList<>();

    @Test
    void shouldWakeAllWhoWaitWhenThereIsRoomAgain() {
        memory.reserve(60);
        memory.reserve(60);
        assertThat(memory.hasRoom()).isFalse();
        memory.whenRoom(() -> woken.add("a"));
        memory.whenRoom(() -> woken.add("b"));
        memory.release(10);
        assertThat(woken).isEmpty();

        memory.release(60);
        assertThat(woken).containsExactly("a", "b");
        memory.release(50);
        assertThat(woken).hasSize(2);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void shouldWakeAtOnceIfThereIsRoom() {
        memory.whenRoom(() -> woken.add("a"));

        assertThat(woken).containsExactly("a");
    }
}
