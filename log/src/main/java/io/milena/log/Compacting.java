package io.milena.log;

/** Whether a log may be compacted just now. */
public enum Compacting {
    ALLOWED,
    PAUSED
}
