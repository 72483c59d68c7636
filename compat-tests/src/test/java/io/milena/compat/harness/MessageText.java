package io.milena.compat.harness;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;

/** A response as text: every field, with words for what differs from broker to broker, and the items of a list in order. */
final class MessageText {

    /** Fields whose values say where or when a broker runs. */
    private static final Set<String> PLACES = Set.of(
            "port",
            "clusterId",
            "logDir",
            "totalBytes",
            "usableBytes",
            "lastTimestamp",
            "lastFetchTimestamp",
            "lastCaughtUpTimestamp",
            "producerId",
            "highWatermark",
            "logEndOffset",
            "finalizedFeaturesEpoch",
            "clientInstanceId",
            "subscriptionId",
            "documentation");

    /** Fields that link the items of a collection, and sentences, which the reference gives with some errors and not with others. */
    private static final Set<String> LEFT_OUT = Set.of("next", "prev", "_unknownTaggedFields", "errorMessage");

    private MessageText() {}

    static String of(Message message) {
        List<String> fields = new ArrayList<>();
        for (Field field : message.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !LEFT_OUT.contains(field.getName())) {
                field.setAccessible(true);
                try {
                    fields.add(field.getName() + "=" + of(field.getName(), field.get(message)));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return "{" + String.join(", ", fields) + "}";
    }

    private static String of(String name, Object value) {
        if (value instanceof Collection<?> items) {
            return items.stream().map(item -> of(name, item)).sorted().collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Message message) {
            return of(message);
        }
        if (value instanceof Uuid id) {
            return id.equals(Uuid.ZERO_UUID) ? "none" : "ID";
        }
        if (name.equals("errorCode") || name.equals("topicConfigErrorCode")) {
            return Errors.forCode((Short) value).name();
        }
        if (value != null && PLACES.contains(name)) {
            return "SOME";
        }
        return value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
    }
}
