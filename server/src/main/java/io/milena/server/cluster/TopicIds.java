package io.milena.server.cluster;

import io.milena.protocol.Uuids;
import java.util.UUID;

/** Ids of new topics and clusters. */
public final class TopicIds {
    private TopicIds() {}

    /** A random id whose text does not begin with a dash, which command lines would take for an option. */
    public static UUID next() {
        UUID id = UUID.randomUUID();
        while (Uuids.toText(id).startsWith("-")) {
            id = UUID.randomUUID();
        }
        return id;
    }
}
