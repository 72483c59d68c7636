package io.milena.log;

import java.io.IOException;
import java.util.Set;

/** What goes wrong with a {@link SimulatedDisk}. Counts what it lets happen and what not. */
final class DiskFaults {
    /** The kinds of operations that can be told apart. */
    enum Operation {
        OPEN,
        CREATE,
        READ,
        WRITE,
        FORCE,
        CUT,
        RENAME,
        DELETE;

        private boolean changes() {
            return this != OPEN && this != READ;
        }
    }

    private Set<Operation> failing = Set.of();
    private int failAfter;
    private long changesLeft = Long.MAX_VALUE;
    private boolean readOnly;
    private boolean dead;
    private long freeBytes = Long.MAX_VALUE;
    private long operations;
    private long injected;

    /** Lets operations of some kinds fail with an I/O error, after some of them succeeded, until {@link #repair}. */
    void fail(Set<Operation> kinds, int after) {
        failing = kinds;
        failAfter = after;
    }

    /** Lets nothing more happen after some changes, as if the process had died. */
    void dieAfter(long changes) {
        changesLeft = changes;
    }

    void readOnly() {
        readOnly = true;
    }

    /** Lets only some more bytes be written. Files that are deleted or cut give their bytes back. */
    void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** Nothing fails any more. */
    void repair() {
        failing = Set.of();
        changesLeft = Long.MAX_VALUE;
        readOnly = false;
        dead = false;
        freeBytes = Long.MAX_VALUE;
    }

    boolean isDead() {
        return dead;
    }

    long operations() {
        return operations;
    }

    /** Operations that failed. */
    long injected() {
        return injected;
    }

    void check(Operation operation) throws IOException {
        operations++;
        if (operation.changes() && !dead) {
            dead = changesLeft-- <= 0;
        }
        if (dead) {
            throw failure("Dead");
        }
        if (readOnly && operation.changes()) {
            throw failure("Read-only file system");
        }
        if (operation == Operation.CREATE && freeBytes == 0) {
            throw failure("No space left on device");
        }
        if (failing.contains(operation) && failAfter-- <= 0) {
            throw failure("Input/output error");
        }
    }

    /** How many of some bytes there is room for, at least one. */
    int take(int bytes) throws IOException {
        if (freeBytes <= 0) {
            throw failure("No space left on device");
        }
        int taken = (int) Math.min(bytes, freeBytes);
        giveBack(-taken);
        return taken;
    }

    void giveBack(long bytes) {
        if (freeBytes != Long.MAX_VALUE) {
            freeBytes += bytes;
        }
    }

    private IOException failure(String message) {
        injected++;
        return new IOException(message);
    }
}
