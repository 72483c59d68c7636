package io.milena.server.config;

/** Where a value comes from, with its code in DescribeConfigs. */
public enum ConfigSource {
    TOPIC(1),
    DYNAMIC_BROKER(2),
    DYNAMIC_DEFAULT_BROKER(3),
    STATIC_BROKER(4),
    DEFAULT(5),
    CLIENT_METRICS(7),
    GROUP(8);

    private final byte code;

    ConfigSource(int code) {
        this.code = (byte) code;
    }

    /** The number that stands for this source on the wire. */
    public byte code() {
        return code;
    }
}
