package io.milena.server.coordinator.transaction;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions ListTransactions names.
 *
 * @param byState whether only those in some states are wanted
 * @param states those states
 * @param producerIds of their producers; any if empty
 * @param minDurationMs only those that take longer; any if negative
 * @param idPattern for their transactional ids, as a whole; any if null
 */
public record TransactionFilter(
        boolean byState,
        Set<TransactionState> states,
        Set<Long> producerIds,
        long minDurationMs,
        @Nullable Pattern idPattern) {
    boolean matches(TransactionMetadata transaction, long nowMs) {
        return (!byState || states.contains(transaction.state()))
                && (producerIds.isEmpty() || producerIds.contains(transaction.producerId()))
                && (minDurationMs < 0 || nowMs - transaction.startTimestampMs() > minDurationMs)
                && (idPattern == null
                        || idPattern.matcher(transaction.transactionalId()).matches());
    }
}
