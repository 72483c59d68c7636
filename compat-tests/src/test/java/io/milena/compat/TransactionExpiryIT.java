package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.TransactionScript;
import io.milena.compat.harness.Transcript;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transactional ids that nobody uses any more: what both brokers say to producers that come back, and what they keep on disk. */
class TransactionExpiryIT {

    private static final int VERSIONS = 6;
    private static final int TIMEOUT_MS = 60_000;
    /** Of each id: empty, ongoing, decided, complete, removed. */
    private static final int RECORDS_EACH = 5;

    private static final Pattern BETWEEN_RECORDS = Pattern.compile("(?<=\\})(?=\\{\"key\")");

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of(
            "transaction.state.log.num.partitions", "1",
            "transactional.id.expiration.ms", "6000", // longer than from one request to the next
            "transaction.remove.expired.transaction.cleanup.interval.ms", "200"));

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 3, Map.of("retention.ms", "-1")); // its records are old
            return broker;
        });
    }

    @Test
    void shouldForgetTheSame() {
        TransactionScript.same(BOTH, script -> {
            long[] producerIds = new long[VERSIONS];
            for (int version = 0; version < VERSIONS; version++) {
                script.id(name(version)).init(TIMEOUT_MS).add(3, TOPIC, 0).produce(11, 0);
                producerIds[version] = script.producerId();
                script.end(4, version % 2 == 0);
            }
            for (int version = 0; version < VERSIONS; version++) {
                script.id(name(version)).awaitState("");
            }
            for (int version = 0; version < VERSIONS; version++) {
                script.id(name(version));
                script.pretend(producerIds[version] - script.producerId(), 0).skip(1);
                comeBack(script, version);
            }
        });
        Differential.Outcome stored =
                BOTH.runAlone("consumer.ConsoleConsumer --topic __transaction_state --from-beginning --partition 0"
                        + " --max-messages " + VERSIONS * RECORDS_EACH
                        + " --formatter org.apache.kafka.tools.consumer.TransactionLogMessageFormatter");
        assertThat(records(stored.subject()))
                .isEqualTo(records(stored.reference()))
                .contains("{\"key\":{\"type\":0,\"data\":{\"transactionalId\":\"" + name(0) + "\"}},\"value\":null}");
    }

    /** The records in a transcript, in an order of ours: the tombstones have that of a hash table. */
    private static List<String> records(Transcript transcript) {
        return transcript.replacing("1\\d{12}", "MS").lines().stream()
                .flatMap(BETWEEN_RECORDS::splitAsStream)
                .sorted()
                .toList();
    }

    private static String name(int version) {
        return "expired-" + version;
    }

    /** The producer goes on, and then begins anew. */
    private static void comeBack(TransactionScript script, int version) {
        script.describe().end(version, true).end(version, false);
        script.add(Math.min(version, 3), TOPIC, 1).addOffsets(Math.min(version, 4), name(version));
        script.commitOffset(version, name(version), TOPIC, -1)
                .produce(version + 3, 1)
                .produce(12, 1);
        script.verify(4, true, TOPIC, 0).verify(5, false, TOPIC, 0);
        script.tryInit(version, TIMEOUT_MS, 0, version < 3 ? -1 : 0);
        script.init(TIMEOUT_MS).produce(12, 0).describe();
    }
}
