package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;

/** How one member's leaving went. */
public record LeaveReply(MemberIdentity member, ErrorCode error) {}
