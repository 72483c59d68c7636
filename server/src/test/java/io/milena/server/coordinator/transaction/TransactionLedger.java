package io.milena.server.coordinator.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known to be committed. */
final class TransactionLedger {
    private final Map<Integer, List<String>> values = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private int next;

    String newValue() {
        return "v" + next++;
    }

    long newOffset() {
        return next++;
    }

    void committed(String transactionalId, Map<Integer, List<String>> written, long offset) {
        written.forEach((partition, added) ->
                values.computeIfAbsent(partition, at -> new ArrayList<>()).addAll(added));
        if (offset >= 0) {
            offsets.put(transactionalId, offset);
        }
    }

    List<String> values(int partition) {
        return values.getOrDefault(partition, List.of());
    }

    long offset(String transactionalId) {
        return offsets.getOrDefault(transactionalId, -1L);
    }
}
