package io.milena.compat.program;

/** Producers that send and count at the same time. */
interface Load extends AutoCloseable {

    /** Begins to send. */
    void start();

    /** Counts what is acknowledged from now on. */
    void measure();

    /** Counts no more and sends no more. */
    void end();

    /** What was counted, in nanoseconds from the send to the acknowledgement; after the close, and only if no record failed. */
    long[] latenciesNanos();

    @Override
    void close();
}
