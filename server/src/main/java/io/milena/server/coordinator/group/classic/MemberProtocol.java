package io.milena.server.coordinator.group.classic;

import io.milena.server.coordinator.group.record.OpaqueBytes;

/**
 * One way of sharing work that a member can take part in.
 *
 * @param name an assignor's name for consumers
 * @param metadata what the leader needs to know of the member for it
 */
public record MemberProtocol(String name, OpaqueBytes metadata) {}
