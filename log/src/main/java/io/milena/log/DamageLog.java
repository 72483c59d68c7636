package io.milena.log;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each damage to the log of the program and tells a listener, both once for each place. Any thread. */
public final class DamageLog implements Damage.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
    /** How many places are remembered; the oldest is forgotten, and would be named again. */
    private static final int MAX_REMEMBERED = 1024;

    private final Damage.Listener listener;
    private final Set<Place> named = new LinkedHashSet<>();

    private record Place(Damage.Kind kind, Path file, long position) {}

    /** A log that tells a listener, too. */
    public DamageLog(Damage.Listener listener) {
        this.listener = listener;
    }

    /** A log that tells nobody else. */
    public DamageLog() {
        this(damage -> {});
    }

    @Override
    public void found(Damage damage) {
        if (isNew(new Place(damage.kind(), damage.file(), damage.position()))) {
            LOG.error(
                    "event=damage-found kind={} file={} position={} fromOffset={} toOffset={} done=\"{}\"",
                    damage.kind(),
                    damage.file(),
                    damage.position(),
                    damage.fromOffset(),
                    damage.toOffset(),
                    damage.action());
            listener.found(damage);
        }
    }

    private synchronized boolean isNew(Place place) {
        if (named.size() >= MAX_REMEMBERED) {
            named.remove(named.iterator().next());
        }
        return named.add(place);
    }
}
