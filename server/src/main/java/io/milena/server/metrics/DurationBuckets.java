package io.milena.server.metrics;

import java.util.concurrent.TimeUnit;

/** The buckets of all histograms of durations: powers of two from 16 µs to 16.8 s, and one for what took longer. */
public final class DurationBuckets {
    private static final int FIRST_EXPONENT = 4;
    private static final int LAST_EXPONENT = 24;

    /** How many there are, with the one that has no upper bound, which is the last. */
    public static final int COUNT = LAST_EXPONENT - FIRST_EXPONENT + 2;

    private DurationBuckets() {}

    /** The bucket of a duration. */
    public static int of(long nanos) {
        long micros = nanos / 1_000;
        if (micros * 1_000 == nanos) {
            micros--; // a bound belongs to the bucket below it
        }
        int exponent = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, micros));
        return Math.max(0, Math.min(exponent - FIRST_EXPONENT, COUNT - 1));
    }

    /** The longest duration in a bucket, in seconds; infinite for the last one. */
    public static double upperBoundSeconds(int bucket) {
        return bucket == COUNT - 1
                ? Double.POSITIVE_INFINITY
                : (double) (1L << (bucket + FIRST_EXPONENT)) / TimeUnit.SECONDS.toMicros(1);
    }
}
