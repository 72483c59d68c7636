package io.milena.server.coordinator.group.classic;

import org.jspecify.annotations.Nullable;

/**
 * Who a member says it is.
 *
 * @param memberId given by the coordinator; empty if it has none
 * @param groupInstanceId its own lasting name, null for a dynamic member
 */
public record MemberIdentity(String memberId, @Nullable String groupInstanceId) {}
