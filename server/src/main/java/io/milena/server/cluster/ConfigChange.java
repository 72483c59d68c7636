package io.milena.server.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish to change settings of one topic, broker, group or subscription to metrics.
 *
 * @param target what has the settings
 * @param name the topic, the broker's number, {@link ClusterImage#ALL_BROKERS}, the group or the subscription
 * @param start what the operations begin with
 * @param operations one for each setting
 */
public record ConfigChange(Target target, String name, Start start, List<Operation> operations) {

    public ConfigChange {
        operations = List.copyOf(operations);
    }

    /** What can have settings. */
    public enum Target {
        TOPIC,
        BROKER,
        GROUP,
        CLIENT_METRICS
    }

    /** What operations begin with. */
    public enum Start {
        /** Whatever is set now. */
        CURRENT,
        /** Nothing: what is not named is unset. */
        NOTHING
    }

    /** What is done to a setting. */
    public enum Action {
        SET,
        DELETE,
        APPEND,
        SUBTRACT
    }

    /** @param value null is a client's mistake that is answered as such, unless the setting is deleted */
    public record Operation(
            Action action, String setting, @Nullable String value) {}
}
