package io.milena.log.batch;

/**
 * What a batch must fulfil to enter a log: the topic's settings, who sends it and what that client may use.
 *
 * @param maxMessageBytes largest batch, {@code max.message.bytes}
 * @param timestampType {@code message.timestamp.type}
 * @param timestampBeforeMaxMs how far a record may lie in the past, {@code message.timestamp.before.max.ms}
 * @param timestampAfterMaxMs how far a record may lie in the future, {@code message.timestamp.after.max.ms}
 * @param compacted whether records need a key: {@code cleanup.policy} contains {@code compact}
 * @param compression {@code compression.type}
 * @param origin who appends
 * @param zstdAllowed whether the request's version knows zstd (Produce 7 and later, KIP-110)
 */
public record BatchRules(
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        boolean compacted,
        TargetCompression compression,
        AppendOrigin origin,
        boolean zstdAllowed) {
    /** Kafka's defaults for a client's batch. */
    public static final BatchRules DEFAULT = new BatchRules(
            1_048_588,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            3_600_000,
            false,
            TargetCompression.AS_PRODUCED,
            AppendOrigin.CLIENT,
            true);

    /** The same rules for another origin. */
    public BatchRules from(AppendOrigin other) {
        return other == origin
                ? this
                : new BatchRules(
                        maxMessageBytes,
                        timestampType,
                        timestampBeforeMaxMs,
                        timestampAfterMaxMs,
                        compacted,
                        compression,
                        other,
                        zstdAllowed);
    }

    /** The same rules for a request that is too old for zstd. */
    public BatchRules withoutZstd() {
        return new BatchRules(
                maxMessageBytes,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                compacted,
                compression,
                origin,
                false);
    }
}
