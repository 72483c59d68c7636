package io.milena.compat.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** An append-only list of events. The order within one process is theirs; across processes it means nothing. One thread at a time. */
public final class History {

    private final List<Event> events = new ArrayList<>();

    /** Adds the lines of a process, oldest first; more of the same process may follow. */
    public History add(String process, Collection<String> lines) {
        for (String line : lines) {
            events.add(Event.parse(process, line));
        }
        return this;
    }

    /** All events. */
    public List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /** How many events there are of a kind. */
    public long count(Event.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }
}
