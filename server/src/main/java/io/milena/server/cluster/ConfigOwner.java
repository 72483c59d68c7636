package io.milena.server.cluster;

/**
 * Something that is not a topic or broker and has settings of its own.
 *
 * @param kind what it is
 * @param name the group's id, or the subscription's name
 */
public record ConfigOwner(Kind kind, String name) {

    /** What has settings, with its code in the metadata log and on the wire. */
    public enum Kind {
        CLIENT_METRICS(16),
        GROUP(32);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Kind of(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MetadataException("settings of an unknown kind " + code + ": written by a newer release?");
        }
    }

    /** The group of that id. */
    public static ConfigOwner group(String id) {
        return new ConfigOwner(Kind.GROUP, id);
    }

    /** The subscription to metrics of that name. */
    public static ConfigOwner clientMetrics(String name) {
        return new ConfigOwner(Kind.CLIENT_METRICS, name);
    }
}
