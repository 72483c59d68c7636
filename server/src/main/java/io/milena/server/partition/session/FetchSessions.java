package io.milena.server.partition.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/**
 * What all fetch sessions of a broker share: their ids, how many there may be ({@code max.incremental.fetch.session.cache.slots}) and
 * the reads from the disk. The sessions themselves live with their connections. Any thread.
 */
public final class FetchSessions {
    private final int slots;
    private final IntSupplier random;
    private final ColdReads coldReads;
    private final LongAdder waiting = new LongAdder();
    private final AtomicInteger taken = new AtomicInteger();
    private final Set<Integer> ids = ConcurrentHashMap.newKeySet();

    /**
     * @param random any ints; ids are not meant to be guessed from one another
     * @param coldReads reads from the disk for all sessions
     */
    public FetchSessions(int slots, IntSupplier random, ColdReads coldReads) {
        this.slots = slots;
        this.random = random;
        this.coldReads = coldReads;
    }

    /** How many sessions there are. */
    public int size() {
        return taken.get();
    }

    /** How many fetches wait for records. */
    public long waiting() {
        return waiting.sum();
    }

    void fetchWaits() {
        waiting.increment();
    }

    void fetchWaitsNoMore() {
        waiting.decrement();
    }

    /** A new id, or {@link FetchSession#NO_ID} if all slots are taken: the client then goes on without a session. */
    int take() {
        int before = taken.getAndUpdate(count -> count < slots ? count + 1 : count);
        if (before >= slots) {
            return FetchSession.NO_ID;
        }
        int id;
        do {
            id = random.getAsInt() & Integer.MAX_VALUE;
        } while (id == FetchSession.NO_ID || !ids.add(id));
        return id;
    }

    /** What a connection has read from the disk for it. */
    ColdReads.Reader coldReads() {
        return coldReads.reader();
    }

    void free(int id) {
        if (ids.remove(id)) {
            taken.decrementAndGet();
        }
    }
}
