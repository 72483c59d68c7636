package io.milena.compat.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Writes a line for each event, for whoever looks for the cause of a contradiction. */
    public void writeTo(Path file) {
        try {
            Files.write(
                    file,
                    events.stream()
                            .map(event -> event.process() + ": " + event.kind() + " " + String.join(" ", event.words()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many events there are of a kind. */
    public long count(Event.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }
}
