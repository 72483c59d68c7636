package io.milena.server.metrics;

import io.milena.log.Damage;
import java.util.concurrent.atomic.AtomicLongArray;

/** Places of damage found in files, by kind. Any thread. */
@SuppressWarnings("EnumOrdinal") // the array lives as long as the process
public final class DamageCounts implements Damage.Listener {
    private final AtomicLongArray counts = new AtomicLongArray(Damage.Kind.values().length);

    @Override
    public void found(Damage damage) {
        counts.getAndIncrement(damage.kind().ordinal());
    }

    /** How many of a kind. */
    public long count(Damage.Kind kind) {
        return counts.get(kind.ordinal());
    }
}
