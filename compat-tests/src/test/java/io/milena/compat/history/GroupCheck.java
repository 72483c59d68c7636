package io.milena.compat.history;

import io.milena.compat.history.HistoryIndex.GroupOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Whether each input that a group's offset says is done is in one output that was committed, and no other input is. */
final class GroupCheck {

    private final HistoryIndex index;
    private final Map<TopicPartition, NavigableMap<Long, String>> seen;
    private final List<Anomaly> anomalies;

    GroupCheck(HistoryIndex index, Map<TopicPartition, NavigableMap<Long, String>> seen, List<Anomaly> anomalies) {
        this.index = index;
        this.seen = seen;
        this.anomalies = anomalies;
    }

    void run() {
        index.groups.forEach(this::check);
    }

    private void check(GroupOffset offset) {
        checkTransactions(offset);
        Map<String, SentRecord> outputs = outputs(offset);
        NavigableMap<Long, String> inputs = seen.getOrDefault(offset.partition(), Collections.emptyNavigableMap());
        inputs.forEach((input, value) -> {
            SentRecord output = outputs.get(source(offset.partition(), input));
            if (input < offset.next() && output == null) {
                found(offset, value + " at " + input + " is in no output");
            } else if (input >= offset.next() && output != null) {
                found(offset, value + " at " + input + " is in " + output);
            }
        });
    }

    /** What readers saw of the group's outputs, by input. */
    private Map<String, SentRecord> outputs(GroupOffset offset) {
        Map<String, SentRecord> outputs = new HashMap<>();
        String sources = offset.partition().topic() + ":" + offset.partition().partition() + ":";
        for (Transaction transaction : index.transactions.values()) {
            if (transaction.offsets.stream().anyMatch(each -> each.group().equals(offset.group()))) {
                for (SentRecord record : transaction.records) {
                    if (record.readOffset != null && record.source.startsWith(sources)) {
                        SentRecord other = outputs.put(record.source, record);
                        if (other != null) {
                            found(offset, record.source + " is in two outputs, " + other + " and " + record);
                        }
                    }
                }
            }
        }
        return outputs;
    }

    /** The offset is the highest of those that were committed, and one that somebody wanted to commit. */
    private void checkTransactions(GroupOffset offset) {
        NavigableMap<Long, Transaction> wanted = new TreeMap<>();
        for (Transaction transaction : index.transactions.values()) {
            for (Transaction.Offset each : transaction.offsets) {
                if (each.group().equals(offset.group()) && each.partition().equals(offset.partition())) {
                    if (transaction.fate != Transaction.Fate.ABORTED) {
                        wanted.put(each.next(), transaction);
                    }
                    if (transaction.isCommitted() && each.next() > offset.next()) {
                        found(offset, "it is " + each.next() + " in " + transaction);
                    }
                }
            }
        }
        if (offset.next() >= 0 && !wanted.containsKey(offset.next())) {
            found(offset, "no transaction that may be committed has it");
        }
    }

    private static String source(TopicPartition partition, long offset) {
        return partition.topic() + ":" + partition.partition() + ":" + offset;
    }

    private void found(GroupOffset offset, String text) {
        anomalies.add(new Anomaly(Anomaly.Kind.OFFSETS, offset + ": " + text));
    }
}
