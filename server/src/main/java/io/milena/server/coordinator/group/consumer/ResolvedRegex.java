package io.milena.server.coordinator.group.consumer;

import java.util.SortedSet;

/**
 * The topics that a pattern stood for when it was last matched. Immutable.
 *
 * @param topics their names
 * @param timestampMs when that was
 */
record ResolvedRegex(SortedSet<String> topics, long timestampMs) {}
