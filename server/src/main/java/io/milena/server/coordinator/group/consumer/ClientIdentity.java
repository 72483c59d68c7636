package io.milena.server.coordinator.group.consumer;

/**
 * Whose connection a request came by.
 *
 * @param clientId what the client calls itself
 * @param host its address as Kafka shows it
 */
public record ClientIdentity(String clientId, String host) {}
