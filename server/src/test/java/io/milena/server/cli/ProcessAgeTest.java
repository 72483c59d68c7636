package io.milena.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {
    private static final String STAT =
            "4242 (a) b (c) S 1 4242 4242 0 -1 4194304 9921 0 0 0 21 6 0 0 20 0 19 0 9188042 3614 12";

    @Test
    void shouldTakeTheStartFromTheUptime() {
        assertThat(ProcessAge.ms(STAT, "91880.66 74828.94\n")).isEqualTo(240);
    }

    @Test
    void shouldAgreeWithTheSystemToASecondAndABit() {
        long startMs =
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        long systemMs = System.currentTimeMillis() - startMs;
        assertThat(ProcessAge.ms())
                .isBetween(
                        systemMs - Duration.ofSeconds(3).toMillis(),
                        systemMs + Duration.ofSeconds(3).toMillis());
    }
}
