package io.milena.server.coordinator.transaction;

import io.milena.server.config.TransactionSettings;

/**
 * Limits of transactions.
 *
 * @param maxTimeoutMs longest timeout a producer may ask for
 * @param transactionalIdExpirationMs how long an unused id is kept
 * @param abortIntervalMs how often to look for transactions beyond their timeout
 * @param removalIntervalMs how often to look for unused ids
 */
public record TransactionLimits(
        int maxTimeoutMs, long transactionalIdExpirationMs, long abortIntervalMs, long removalIntervalMs) {
    static TransactionLimits of(TransactionSettings settings) {
        return new TransactionLimits(
                settings.maxTimeoutMs(),
                settings.transactionalIdExpirationMs(),
                settings.abortIntervalMs(),
                settings.removalIntervalMs());
    }
}
