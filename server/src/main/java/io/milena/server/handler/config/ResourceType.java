package io.milena.server.handler.config;

import org.jspecify.annotations.Nullable;

/** What can have settings, with its code on the wire. */
enum ResourceType {
    TOPIC(2),
    BROKER(4),
    BROKER_LOGGER(8),
    CLIENT_METRICS(16),
    GROUP(32);

    private final byte code;

    ResourceType(int code) {
        this.code = (byte) code;
    }

    /** The number that stands for it on the wire. */
    byte code() {
        return code;
    }

    /** The type of that code, or null. */
    static @Nullable ResourceType of(byte code) {
        for (ResourceType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
