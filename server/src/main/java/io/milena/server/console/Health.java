package io.milena.server.console;

/** What a broker can be asked for, in the order in which it goes through it; LOST instead of STOPPING when it cannot go on. */
public enum Health {
    STARTING,
    READY,
    STOPPING,
    LOST
}
