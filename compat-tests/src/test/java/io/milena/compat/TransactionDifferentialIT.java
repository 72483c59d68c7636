package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.GroupMessages;
import io.milena.compat.harness.TransactionScript;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of transactions in right and wrong order, in every version, sent to both brokers: the answers must be the same. */
class TransactionDifferentialIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int LAST_CLIENT_ADD = 3;
    private static final int LAST_PRODUCE_BY_NAME = 12;
    private static final int FIRST_WRITING_PRODUCE = 12;
    private static final int EPOCHS = 5;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 3, Map.of("retention.ms", "-1")); // its records are old
            return broker;
        });
    }

    private static void same(Consumer<TransactionScript> play) {
        TransactionScript.same(BOTH, play);
    }

    /** Everything a producer can say, in all versions. */
    private static void sayAll(TransactionScript script, String name) {
        for (int version = 0; version <= LAST_CLIENT_ADD; version++) {
            script.add(version, TOPIC, 0);
        }
        for (int version = 0; version <= 4; version++) {
            script.addOffsets(version, "group-" + name);
        }
        for (int version = 0; version <= EPOCHS; version++) {
            script.commitOffset(version, "group-" + name, TOPIC, -1);
        }
        for (int version = 3; version <= LAST_PRODUCE_BY_NAME; version++) {
            script.produce(version, 0);
        }
        for (int version = 4; version <= 5; version++) {
            script.verify(version, true, TOPIC, 0).verify(version, false, TOPIC, 0);
        }
        script.describe();
    }

    private static void endAll(TransactionScript script, int version) {
        script.end(version, true).end(version, false).describe();
    }

    @Test
    void shouldAnswerStrangersTheSame() {
        same(script -> {
            for (String id : List.of("stranger", "")) {
                sayAll(script.id(id), "stranger");
                for (int version = 0; version <= EPOCHS; version++) {
                    endAll(script, version);
                }
            }
        });
    }

    @Test
    void shouldAnswerWrongIdentitiesTheSame() {
        same(script -> {
            for (int[] lie : new int[][] {{1, 0}, {0, 1}, {0, -1}}) {
                String name = "liar-" + lie[0] + lie[1];
                script.id(name).init().init().add(3, TOPIC, 2).pretend(lie[0], lie[1]);
                sayAll(script, name);
                for (int version = 0; version <= EPOCHS; version++) {
                    endAll(script, version);
                }
            }
        });
    }

    @Test
    void shouldEndWhatNeverBeganTheSame() {
        same(script -> {
            for (int version = 0; version <= EPOCHS; version++) {
                endAll(script.id("empty-commit-" + version).init(), version);
                script.id("empty-abort-" + version)
                        .init()
                        .end(version, false)
                        .end(version, true)
                        .describe();
            }
        });
    }

    @Test
    void shouldRepeatTheEndTheSame() {
        same(script -> {
            for (int version = 0; version <= EPOCHS; version++) {
                for (boolean commit : new boolean[] {true, false}) {
                    script.id("again-" + version + commit)
                            .init()
                            .add(3, TOPIC, 0)
                            .produce(11, 0);
                    long producerId = script.producerId();
                    short epoch = script.epoch();
                    script.end(version, commit);
                    script.pretend(producerId - script.producerId(), epoch - script.epoch());
                    script.end(version, commit).pretend(producerId - script.producerId(), epoch - script.epoch());
                    script.end(version, !commit).describe();
                }
            }
        });
    }

    @Test
    void shouldWriteWithoutNamingTheSame() {
        same(script -> {
            for (int version = 3; version <= LAST_PRODUCE_BY_NAME; version++) {
                script.id("unnamed-" + version).init().produce(version, 0);
                script.add(3, TOPIC, 1).produce(version, 0).produce(version, 1);
                script.describe()
                        .end(version < FIRST_WRITING_PRODUCE ? 4 : EPOCHS, true)
                        .describe();
            }
            script.id("nameless")
                    .init()
                    .produce(11, 0, null)
                    .produce(12, 0, null)
                    .produce(12, 1, "other");
        });
    }

    @Test
    void shouldCommitOffsetsTheSame() {
        same(script -> {
            for (int version = 0; version <= EPOCHS; version++) {
                String group = "offsets-" + version;
                int end = version < EPOCHS ? 4 : EPOCHS;
                script.id(group).init().commitOffset(version, group, TOPIC, -1);
                script.addOffsets(2, group).commitOffset(version, group, TOPIC, -1);
                script.fetchOffset(8, group).fetchOffset(9, group);
                script.end(end, false).fetchOffset(9, group);
                script.addOffsets(2, group).commitOffset(version, group, TOPIC, -1);
                script.commitOffset(version, group, "nowhere", -1).commitOffset(version, group, TOPIC, 3);
                script.end(end, true).fetchOffset(9, group).describe();
                script.commitOffset(version, "", TOPIC, -1).addOffsets(3, "");
                script.commitOffset(version, group, TOPIC, 3).commitOffset(version, "new-" + group, TOPIC, 3);
            }
            script.id("odd-offsets").init().addOffsets(3, "odd");
            for (int version = 0; version <= 4; version++) {
                for (String metadata : new String[] {null, "", "x".repeat(4096), "y".repeat(4097)}) {
                    script.write("commit offset", offset(script, metadata, 9), version);
                }
                script.write("commit offset", offset(script, "", -7), version).fetchOffset(9, "odd");
            }
            script.end(4, true).fetchOffset(9, "odd");
        });
    }

    @Test
    void shouldCheckMembersTheSame() {
        List<KafkaConsumer<byte[], byte[]>> classic = BOTH.each(broker -> member(broker, "of-classic"));
        same(script -> {
            script.id("in-groups").init();
            script.write("join", GroupMessages.join("of-member", "member", TOPIC), 1);
            script.write("join", GroupMessages.join("of-another", "another", TOPIC), 1);
            for (String group : List.of("of-member", "of-another", "of-classic", "of-nobody")) {
                script.addOffsets(3, group);
                for (int version = 0; version <= EPOCHS; version++) {
                    for (int generation : new int[] {-1, 0, 1, 2, 9}) {
                        script.commitOffset(version, group, TOPIC, generation);
                    }
                }
            }
            script.end(4, true);
        });
        classic.forEach(KafkaConsumer::close);
    }

    private static KafkaConsumer<byte[], byte[]> member(BrokerProcess broker, String group) {
        KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "group.id", group, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(TOPIC));
        Waiting.until(
                "a member of " + group,
                TIMEOUT,
                () -> {
                    member.poll(Duration.ofMillis(100));
                    return !member.assignment().isEmpty();
                },
                member::assignment);
        return member;
    }

    private static TxnOffsetCommitRequestData offset(TransactionScript script, @Nullable String metadata, long offset) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("odd-offsets")
                .setGroupId("odd")
                .setProducerId(script.producerId())
                .setProducerEpoch(script.epoch())
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(TOPIC)
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(1)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata(metadata)))));
    }

    @Test
    void shouldInitialiseTheSame() {
        same(script -> {
            script.id("timeouts");
            for (int timeoutMs : new int[] {0, -1, 900_001, 900_000}) {
                script.tryInit(5, timeoutMs, 0, -1);
            }
            for (int version = 0; version <= 5; version++) {
                script.id("").tryInit(version, 60_000, 0, -1);
            }
            for (int version = 0; version <= 5; version++) {
                script.id("interrupted-" + version).init().add(3, TOPIC, 0, 1).produce(11, 0);
                script.tryInit(version, 60_000, 0, version < 3 ? -1 : 0)
                        .describe()
                        .end(4, false);
                script.tryInit(version, 60_000, 0, version < 3 ? -1 : 0).describe();
                script.tryInit(version, 60_000, 0, -1).describe();
            }
            for (int version = 3; version <= 5; version++) {
                script.id("half-known").write("init", identity("half-known", 5, -1), version);
                script.write("init", identity("half-known", -1, 5), version);
                script.write("init", identity("half-known", 5, 5), version);
                script.write("init", identity(null, 5, -1), version).write("init", identity(null, -1, 5), version);
                script.id("resumed-" + version).init().init();
                script.tryInit(version, 60_000, 0, 0).tryInit(version, 60_000, 5, 1);
                script.tryInit(version, 60_000, 0, 1).tryInit(version, 60_000, 0, 1);
                script.tryInit(version, 60_000, 0, 9).describe();
            }
        });
    }

    private static InitProducerIdRequestData identity(@Nullable String id, long producerId, int epoch) {
        return new InitProducerIdRequestData()
                .setTransactionalId(id)
                .setTransactionTimeoutMs(60_000)
                .setProducerId(producerId)
                .setProducerEpoch((short) epoch);
    }

    @Test
    void shouldNameUnknownPartitionsTheSame() {
        same(script -> {
            script.id("unknown").init();
            for (int version = 0; version <= LAST_CLIENT_ADD; version++) {
                script.add(version, "nowhere", 0).add(version, TOPIC, 0, 7);
            }
            script.verify(4, false, TOPIC, 0, 7).verify(5, true, TOPIC, 0).verify(5, false, TOPIC, 0);
            script.verify(5, true, TOPIC, 0).verify(5, true, TOPIC, 1).describe();
        });
    }

    @Test
    void shouldAddNothingAndMuchTheSame() {
        same(script -> {
            for (int version = 0; version <= LAST_CLIENT_ADD; version++) {
                script.id("little-" + version).init().add(version, TOPIC).describe();
                script.write(
                        "add", new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId("little-0"), version);
                script.add(version, TOPIC, 2, 0, 1, 0)
                        .add(version, TOPIC, 1)
                        .describe()
                        .end(3, true);
            }
            for (int version = 4; version <= 5; version++) {
                script.id("batched-" + version).init();
                script.verify(version, false, TOPIC).describe();
                for (boolean verifyOnly : new boolean[] {true, false, true}) {
                    AddPartitionsToTxnRequestData batch = script.addition(verifyOnly, TOPIC, 0, 1);
                    batch.transactions()
                            .add(batch.transactions()
                                    .valuesList()
                                    .get(0)
                                    .duplicate()
                                    .setTransactionalId("nobody"));
                    script.write("verify", batch, version);
                }
                script.describe();
            }
        });
    }

    @Test
    void shouldWriteMarkersTheSame() {
        same(script -> {
            script.id("marked").init().init().produce(12, 2);
            for (int version = 1; version <= 2; version++) {
                for (String topic : List.of("nowhere", "__consumer_offsets", TOPIC)) {
                    script.write("marker", marker(script, topic, -1, 5, 0), version);
                    script.write("marker", marker(script, topic, 0, 5, version == 1 ? 0 : 2), version);
                    script.write("marker", marker(script, topic, 0, 5, 0), version);
                    script.write("marker", marker(script, topic, 0, 4, 0), version);
                    script.write("marker", marker(script, topic, 1, 5, 2), version);
                    script.write("marker", marker(script, topic, 1, 5, 2), version);
                }
            }
            script.produce(12, 2).describe();
            script.write("none", new WriteTxnMarkersRequestData(), 1);
            script.id("many").init().add(3, TOPIC, 0, 2).produce(11, 0).produce(11, 2);
            WriteTxnMarkersRequestData many = marker(script, TOPIC, 0, 0, 0);
            many.markers().get(0).setTransactionResult(true).topics().get(0).setPartitionIndexes(List.of(7, 2, 0));
            script.write("markers", many, 1)
                    .skip(-1)
                    .produce(11, 0)
                    .end(4, false)
                    .describe();
        });
    }

    private static WriteTxnMarkersRequestData marker(
            TransactionScript script, String topic, int epochDelta, int coordinatorEpoch, int transactionVersion) {
        return new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(script.producerId())
                        .setProducerEpoch((short) (script.epoch() + epochDelta))
                        .setCoordinatorEpoch(coordinatorEpoch)
                        .setTransactionVersion((byte) transactionVersion)
                        .setTopics(List.of(
                                new WritableTxnMarkerTopic().setName(topic).setPartitionIndexes(List.of(2))))));
    }
}
