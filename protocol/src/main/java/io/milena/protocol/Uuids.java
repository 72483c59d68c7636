package io.milena.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** Well-known ids and the text form that Kafka's tools show: URL-safe Base64 without padding. */
public final class Uuids {
    /** Stands for "no id". */
    public static final UUID ZERO = new UUID(0, 0);

    private static final int TEXT_LENGTH = 22;

    private Uuids() {}

    /** The id as 22 characters. */
    public static String toText(UUID id) {
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * The id of such a text.
     *
     * @throws IllegalArgumentException if the text is not 22 characters of URL-safe Base64
     */
    public static UUID fromText(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("not an id: " + text);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
