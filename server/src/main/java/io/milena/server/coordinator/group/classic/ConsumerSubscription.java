package io.milena.server.coordinator.group.classic;

import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The one part of members' metadata that the coordinator reads: the topics of a consumer, which every version of the consumer
 * protocol keeps at the front.
 *
 * <pre>  version int16 | topic count int32 | topics, each a string | whatever later versions add  </pre>
 */
final class ConsumerSubscription {
    /** The protocol type of consumer groups. */
    static final String PROTOCOL_TYPE = "consumer";

    /** Bytes of an empty topic name. */
    private static final int SMALLEST_TOPIC = 2;

    private ConsumerSubscription() {}

    /** The topics of all members together; null if what one of them says for the protocol cannot be understood. */
    static @Nullable Set<String> topics(Collection<ClassicMember> members, String protocol) {
        Set<String> all = new TreeSet<>();
        for (ClassicMember member : members) {
            Optional<Set<String>> topics = topics(member.protocol(protocol).metadata());
            if (topics.isEmpty()) {
                return null;
            }
            all.addAll(topics.get());
        }
        return all;
    }

    /** The topics in a consumer's metadata; nothing if it cannot be understood. */
    static Optional<Set<String>> topics(OpaqueBytes metadata) {
        try {
            Reader reader = new Reader(ByteBuffer.wrap(metadata.array()));
            reader.readInt16();
            int count = reader.readArrayLength(SMALLEST_TOPIC);
            Set<String> topics = new TreeSet<>();
            for (int i = 0; i < count; i++) {
                topics.add(reader.readString());
            }
            return Optional.of(topics);
        } catch (ProtocolException e) {
            return Optional.empty();
        }
    }
}
