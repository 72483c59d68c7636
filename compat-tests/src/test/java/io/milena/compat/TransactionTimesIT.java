package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.TransactionScript;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What both brokers say of timeouts, and to producers that are beyond theirs, in every version. */
class TransactionTimesIT {

    /** Longer than it takes to begin a transaction. */
    private static final int TIMEOUT_MS = 6_000;

    private static final int MOST_TIMEOUT_MS = 20_000;
    private static final int VERSIONS = 6;

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of(
            "transaction.max.timeout.ms",
            Integer.toString(MOST_TIMEOUT_MS),
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
            "200"));

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 3, Map.of("retention.ms", "-1")); // its records are old
            return broker;
        });
    }

    @Test
    void shouldAnswerWhoIsTooLateTheSame() {
        TransactionScript.same(BOTH, script -> {
            long[] producerIds = new long[VERSIONS];
            for (int version = 0; version < VERSIONS; version++) {
                producerIds[version] = begin(script, version);
            }
            for (int version = 0; version < VERSIONS; version++) {
                script.id(name(version)).awaitState("CompleteAbort").fetchOffset(9, name(version));
                script.pretend(producerIds[version] - script.producerId(), 0).skip(1);
                comeBack(script, version);
            }
        });
    }

    private static String name(int version) {
        return "late-" + version;
    }

    /** Begins a transaction with a record and an offset; gives the producer id. */
    private static long begin(TransactionScript script, int version) {
        String name = name(version);
        script.id(name).init(TIMEOUT_MS).add(3, TOPIC, 0).produce(11, 0);
        script.addOffsets(3, name).commitOffset(3, name, TOPIC, -1).fetchOffset(9, name);
        return script.producerId();
    }

    /** The producer goes on, and then asks for its id again: it knows its epoch if it is not too old to say so. */
    private static void comeBack(TransactionScript script, int version) {
        script.describe().end(version, true).end(version, false);
        script.add(Math.min(version, 3), TOPIC, 1).addOffsets(Math.min(version, 4), name(version));
        script.commitOffset(version, name(version), TOPIC, -1)
                .produce(version + 3, 0)
                .produce(12, 1);
        script.tryInit(version, TIMEOUT_MS, 0, version < 3 ? -1 : 0);
        script.describe().init(TIMEOUT_MS).describe();
    }

    @Test
    void shouldLimitTimeoutsTheSame() {
        TransactionScript.same(BOTH, script -> {
            for (int version = 0; version < VERSIONS; version++) {
                script.id("limits-" + version);
                for (int timeoutMs : new int[] {MOST_TIMEOUT_MS + 1, Integer.MAX_VALUE, MOST_TIMEOUT_MS, 0, -1}) {
                    script.tryInit(version, timeoutMs, 0, -1);
                }
            }
        });
    }
}
