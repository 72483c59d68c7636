package io.milena.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void shouldPutEachDurationBelowItsBound() {
        for (long nanos = 1; nanos < 40_000_000_000L; nanos = nanos * 3 / 2 + 1) {
            int bucket = DurationBuckets.of(nanos);
            assertThat(nanos / 1e9).isLessThanOrEqualTo(DurationBuckets.upperBoundSeconds(bucket));
            if (bucket > 0) {
                assertThat(nanos / 1e9).isGreaterThan(DurationBuckets.upperBoundSeconds(bucket - 1));
            }
        }
    }

    @Test
    void shouldPutABoundIntoTheBucketBelowIt() {
        for (int bucket = 0; bucket < DurationBuckets.COUNT - 1; bucket++) {
            long nanos = Math.round(DurationBuckets.upperBoundSeconds(bucket) * 1e9);
            assertThat(DurationBuckets.of(nanos)).isEqualTo(bucket);
            assertThat(DurationBuckets.of(nanos + 1)).isEqualTo(bucket + 1);
        }
    }

    @Test
    void shouldTakeWhatMakesNoSense() {
        assertThat(DurationBuckets.of(0)).isZero();
        assertThat(DurationBuckets.of(-5)).isZero();
        assertThat(DurationBuckets.of(Long.MAX_VALUE)).isEqualTo(DurationBuckets.COUNT - 1);
    }

    @Test
    void shouldAddUp() {
        Durations durations = new Durations();
        durations.add(5_000);
        durations.addAlone(7_000);
        durations.addAlone(1_000_000);

        assertThat(durations.count()).isEqualTo(3);
        assertThat(durations.count(0)).isEqualTo(2);
        assertThat(durations.nanos()).isEqualTo(1_012_000);
    }
}
