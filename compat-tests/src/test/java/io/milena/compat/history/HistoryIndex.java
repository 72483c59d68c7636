package io.milena.compat.history;

import static io.milena.compat.history.Event.NONE;

import io.milena.compat.history.ReadSession.Read;
import io.milena.compat.history.Transaction.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A history by record, transaction and reader. */
final class HistoryIndex {

    /** A group's offset at the end. */
    record GroupOffset(String group, TopicPartition partition, long next) {}

    /** By value, in the order in which each process sent them. */
    final Map<String, SentRecord> sent = new LinkedHashMap<>();

    final Map<String, Transaction> transactions = new LinkedHashMap<>();
    final List<ReadSession> sessions = new ArrayList<>();
    final Map<TopicPartition, Long> ends = new HashMap<>();
    final List<GroupOffset> groups = new ArrayList<>();
    private final Map<String, ReadSession> current = new HashMap<>();

    HistoryIndex(History history) {
        history.events().forEach(this::add);
    }

    private void add(Event event) {
        switch (event.kind()) {
            case SEND -> send(event);
            case ACK -> record(event).acknowledgedOffset = event.number(1);
            case FAIL -> record(event).failed = true;
            case BEGIN, COMMIT, COMMITTED, ABORTED, UNKNOWN, OFFSETS -> transact(event);
            case ASSIGNED, POSITION, READ, REACHED -> read(event);
            case END -> ends.put(event.partition(0), event.number(2));
            case GROUP -> groups.add(new GroupOffset(event.word(0), event.partition(1), event.number(3)));
            case REVOKED, EPOCH, STORED, UNSTORED, HELD, LEFT -> {}
        }
    }

    private void send(Event event) {
        Transaction transaction = event.word(0).equals(NONE) ? null : transaction(event);
        SentRecord record = new SentRecord(event, transaction);
        if (sent.put(record.value, record) != null) {
            throw new IllegalArgumentException("sent twice: " + record);
        }
        if (transaction != null) {
            transaction.records.add(record);
        }
    }

    private void transact(Event event) {
        Transaction transaction = event.kind() == Event.Kind.BEGIN
                ? transactions.computeIfAbsent(event.word(0), Transaction::new)
                : transaction(event);
        switch (event.kind()) {
            case COMMIT -> transaction.fate = Fate.UNKNOWN;
            case COMMITTED -> transaction.fate = Fate.COMMITTED;
            case ABORTED -> transaction.fate = Fate.ABORTED;
            case UNKNOWN -> transaction.fate = Fate.UNKNOWN;
            case OFFSETS ->
                transaction.offsets.add(new Transaction.Offset(event.word(1), event.partition(2), event.number(4)));
            default -> {}
        }
    }

    private void read(Event event) {
        TopicPartition partition = event.partition(0);
        String key = event.process() + " " + partition;
        long offset = event.kind() == Event.Kind.ASSIGNED ? -1 : event.number(2);
        if (event.kind() == Event.Kind.ASSIGNED || event.kind() == Event.Kind.POSITION || !current.containsKey(key)) {
            long start = event.kind() == Event.Kind.POSITION ? offset : -1;
            current.put(key, new ReadSession(event.process(), partition, start));
            sessions.add(current.get(key));
        }
        if (event.kind() == Event.Kind.READ) {
            current.get(key).add(new Read(offset, event.word(3)));
        } else if (event.kind() == Event.Kind.REACHED) {
            current.get(key).reach(offset);
        }
    }

    private SentRecord record(Event event) {
        return known(sent.get(event.word(0)), event);
    }

    private Transaction transaction(Event event) {
        return known(transactions.get(event.word(0)), event);
    }

    private static <T> T known(@org.jspecify.annotations.Nullable T found, Event event) {
        if (found == null) {
            throw new IllegalArgumentException("nothing before belongs to " + event);
        }
        return found;
    }
}
