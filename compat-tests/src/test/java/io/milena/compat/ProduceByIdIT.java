package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.ProtocolConnection;
import io.milena.compat.harness.TransactionScript;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Produce that names topics by id, of producers with transactions and without, in right and wrong order on both brokers. */
class ProduceByIdIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    private static final int LAST_END = 5;
    private static final int FIRST_TWO_PHASE_INIT = 6;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 3, Map.of("retention.ms", "-1")); // its records are old
            return broker;
        });
    }

    @Test
    void shouldAnswerTransactionalProducersTheSame() {
        TransactionScript.same(BOTH, script -> {
            Uuid topic = script.topicId();
            for (int end = 4; end <= LAST_END; end++) {
                script.id("writer-" + end).init().init().produceById(topic, 0).describe();
                script.produceById(topic, 1).produceById(topic, 7).produceById(Uuid.ZERO_UUID, 0);
                script.produceById(new Uuid(5, 5), 0).produceById(topic, 0).describe();
                script.end(end, true).describe().pretend(0, -1).produceById(topic, 0);
                script.pretend(0, 2).produceById(topic, 0).pretend(9, -1).produceById(topic, 0);
                script.pretend(-9, 0).skip(5).produceById(topic, 2).describe();
            }
            script.id("stranger").produceById(topic, 0);
            script.id("").produceById(topic, 0);
            script.id("fenced").init().produceById(topic, 0).init();
            script.pretend(0, -1).produceById(topic, 0).produceById(topic, 1).end(LAST_END, true);
        });
    }

    @Test
    void shouldAnswerIdempotentProducersTheSame() {
        TransactionScript.same(BOTH, script -> {
            Uuid topic = script.topicId();
            script.id(null).init().produceById(topic, 0).produceById(topic, 0);
            script.skip(-1).produceById(topic, 0).skip(-2).produceById(topic, 0);
            script.skip(3).produceById(topic, 0).skip(-4);
            script.pretend(0, 1).produceById(topic, 0).skip(-2).produceById(topic, 0);
            script.pretend(0, -1).produceById(topic, 0).pretend(0, 3).skip(7).produceById(topic, 0);
            script.produceById(topic, 1).pretend(77, 0).produceById(topic, 0).produceById(topic, 2);
            script.produceById(new Uuid(5, 5), 0).produceById(topic, 9);
        });
    }

    /** Two-phase commit is not among what Kafka 4.3.1 serves unless unstable versions are allowed. */
    @Test
    void shouldCloseTheConnectionOfWhoWantsTwoPhases() {
        BOTH.each(broker -> {
            try (ProtocolConnection connection = new ProtocolConnection(broker.port())) {
                InitProducerIdRequestData request = new InitProducerIdRequestData()
                        .setTransactionalId("two-phases")
                        .setTransactionTimeoutMs(60_000)
                        .setEnable2Pc(true);
                assertThatThrownBy(() -> connection.call(request, FIRST_TWO_PHASE_INIT))
                        .isInstanceOf(UncheckedIOException.class);
            }
            assertThat(broker.process().alive()).isTrue();
            return broker;
        });
    }
}
