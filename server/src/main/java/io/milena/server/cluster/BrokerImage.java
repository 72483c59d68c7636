package io.milena.server.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One live broker.
 *
 * @param id its node.id
 * @param rack its rack, or null
 * @param endpoints where it is reached, one for each listener
 */
public record BrokerImage(int id, @Nullable String rack, List<Endpoint> endpoints) {

    public BrokerImage {
        endpoints = List.copyOf(endpoints);
    }

    /** The endpoint of a listener, or null if the broker has no such listener. */
    public @Nullable Endpoint endpoint(String listenerName) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.listenerName().equals(listenerName)) {
                return endpoint;
            }
        }
        return null;
    }
}
