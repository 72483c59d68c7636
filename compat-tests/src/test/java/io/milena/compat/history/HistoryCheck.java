package io.milena.compat.history;

import io.milena.compat.history.Anomaly.Kind;
import io.milena.compat.history.ReadSession.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares what readers saw with what producers were told. An acknowledged record is there once; a committed transaction as a
 * whole; one whose commit has no answer as a whole or not at all; all others are not. Records of one process keep their order in
 * each partition. Every reader saw all that is due between its position and where it got to.
 */
public final class HistoryCheck {

    private final HistoryIndex index;
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<TopicPartition, NavigableMap<Long, String>> seen = new HashMap<>();
    private final Set<SentRecord> missed = new HashSet<>();

    private HistoryCheck(HistoryIndex index) {
        this.index = index;
    }

    /** All contradictions of a history, none when it is sound. */
    public static List<Anomaly> anomalies(History history) {
        HistoryCheck check = new HistoryCheck(new HistoryIndex(history));
        check.index.sessions.forEach(check::follow);
        check.checkOrder();
        check.checkSessions();
        check.checkEnds();
        new GroupCheck(check.index, check.seen, check.anomalies).run();
        return check.anomalies;
    }

    private void follow(ReadSession session) {
        long previous = -1;
        for (Read read : session.reads) {
            if (read.offset() <= previous) {
                Kind kind = read.offset() == previous ? Kind.DUPLICATED : Kind.REORDERED;
                found(kind, read.offset() + " after " + previous + " by " + session);
            }
            previous = read.offset();
            locate(session, read);
        }
    }

    /** Holds one read against what was sent and what others read. */
    private void locate(ReadSession session, Read read) {
        String where = read + " by " + session;
        String before = seen.computeIfAbsent(session.partition, none -> new TreeMap<>())
                .putIfAbsent(read.offset(), read.value());
        if (before != null) {
            if (!before.equals(read.value())) {
                found(Kind.CHANGED, where + ", " + before + " by another");
            }
            return;
        }
        SentRecord record = index.sent.get(read.value());
        if (record == null || !record.partition.equals(session.partition)) {
            found(Kind.CHANGED, where + ", sent as " + record);
            return;
        }
        if (record.readOffset != null) {
            found(Kind.DUPLICATED, where + ": " + record);
            return;
        }
        record.readOffset = read.offset();
        if (record.acknowledgedOffset != null && record.acknowledgedOffset != read.offset()) {
            found(Kind.CHANGED, where + ": " + record);
        }
        if (record.transaction == null ? record.failed : record.transaction.fate == Transaction.Fate.ABORTED) {
            found(record.transaction == null ? Kind.FAILED_READ : Kind.ABORTED_READ, where + ": " + record);
        }
    }

    private void checkOrder() {
        Map<String, SentRecord> newest = new HashMap<>();
        for (SentRecord record : index.sent.values()) {
            if (record.readOffset != null) {
                SentRecord before = newest.put(record.process + " " + record.partition, record);
                if (before != null && before.readOffset > record.readOffset) {
                    found(Kind.REORDERED, record + ", sent before it: " + before);
                }
            }
        }
    }

    /** Every reader has all that is due between its ends. */
    private void checkSessions() {
        Map<TopicPartition, NavigableMap<Long, SentRecord>> due = new HashMap<>();
        for (SentRecord record : index.sent.values()) {
            Long offset = record.offset();
            if (offset != null && record.isDue()) {
                due.computeIfAbsent(record.partition, none -> new TreeMap<>()).put(offset, record);
            }
        }
        for (ReadSession session : index.sessions) {
            NavigableMap<Long, SentRecord> all = due.get(session.partition);
            if (all != null && session.start() >= 0) {
                all.subMap(session.start(), session.reached()).values().stream()
                        .filter(record -> !session.hasRead(record.value))
                        .forEach(record -> missing(record, session.toString()));
            }
        }
    }

    /** Whatever is due in a partition that somebody read from its start to its end was seen, known offset or not. */
    private void checkEnds() {
        index.ends.forEach((partition, end) -> {
            if (index.sessions.stream()
                    .noneMatch(
                            each -> each.partition.equals(partition) && each.start() == 0 && each.reached() >= end)) {
                found(Kind.LOST, "nobody read all of " + partition + " up to " + end);
            }
        });
        for (SentRecord record : index.sent.values()) {
            if (record.readOffset == null && record.isDue() && index.ends.containsKey(record.partition)) {
                missing(record, "all");
            }
        }
    }

    private void missing(SentRecord record, String reader) {
        if (missed.add(record)) {
            boolean part = record.transaction != null && record.transaction.isSeen();
            found(part ? Kind.PARTIAL_TRANSACTION : Kind.LOST, record + ", missed by " + reader);
        }
    }

    private void found(Kind kind, String text) {
        anomalies.add(new Anomaly(kind, text));
    }
}
