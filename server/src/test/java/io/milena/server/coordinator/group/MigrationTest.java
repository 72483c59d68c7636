package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that change from one protocol to the other while they have members, and while they have none. */
class MigrationTest {
    private final GroupFixture fixture = new GroupFixture();
    private final TestMember classic = new TestMember(fixture);
    private final TestConsumer consumer = new TestConsumer(fixture, "c");

    @BeforeEach
    void makeTopic() {
        fixture.change(() -> fixture.topics.put("t", 4));
    }

    static OpaqueBytes assignment(String topic, List<Integer> partitions) {
        Writer writer = new Writer(64);
        writer.writeInt16((short) 0);
        new ConsumerProtocolAssignment()
                .assignedPartitions(List.of(new ConsumerProtocolAssignment.AssignedPartition()
                        .topic(topic)
                        .partitions(partitions)))
                .write(writer, 0);
        byte[] bytes = new byte[writer.buffer().remaining()];
        writer.buffer().get(bytes);
        return OpaqueBytes.of(bytes);
    }

    static Set<Integer> partitions(OpaqueBytes assignment) {
        Set<Integer> partitions = new TreeSet<>();
        Reader reader = new Reader(ByteBuffer.wrap(assignment.array()));
        ConsumerProtocolAssignment.read(reader, reader.readInt16())
                .assignedPartitions()
                .forEach(topic -> partitions.addAll(topic.partitions()));
        return partitions;
    }

    private String type() {
        List<ListGroupsResponse.Group> groups =
                fixture.reply(fixture.coordinator.list(Set.of(), Set.of()).get(0));
        return groups.isEmpty()
                ? "none"
                : groups.get(0).groupType() + " " + groups.get(0).groupState();
    }

    /** A classic group of one member that has everything. */
    private void formClassicGroup() {
        CompletionStage<JoinReply> join = classic.joinWithId();
        fixture.advance(GroupFixture.INITIAL_DELAY_MS);
        classic.joined(join);
        SyncReply sync = fixture.reply(classic.sync(Map.of(classic.memberId, assignment("t", List.of(0, 1, 2, 3)))));
        assertThat(sync.error()).isEqualTo(ErrorCode.NONE);
    }

    private Set<Integer> rejoin() {
        classic.joined(classic.join());
        SyncReply sync = fixture.reply(classic.sync());
        assertThat(sync.error()).isEqualTo(ErrorCode.NONE);
        return partitions(sync.assignment());
    }

    @Test
    void shouldUpgradeAClassicGroupWhenAConsumerJoins() {
        formClassicGroup();
        int generation = classic.generation;

        assertThat(consumer.join()).isEqualTo(ErrorCode.NONE);

        assertThat(type()).isEqualTo("consumer Reconciling");
        assertThat(consumer.epoch).isEqualTo(generation + 1);
        assertThat(consumer.holds()).as("still with the classic member").isEmpty();
        assertThat(classic.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(classic.commit(5)).as("what it has it may commit").isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLeadTheClassicMemberToItsTarget() {
        formClassicGroup();
        consumer.join();
        classic.protocols = List.of(TestMember.protocol("range", "t"));

        Set<Integer> kept = rejoin(); // says that it has nothing any more, as eager consumers do
        consumer.beat();

        assertThat(kept).hasSize(2);
        assertThat(consumer.holds()).hasSize(2);
        assertThat(classic.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(type()).isEqualTo("consumer Stable");
    }

    @Test
    void shouldAnswerJoinsThatWaitWhenTheGroupIsUpgraded() {
        formClassicGroup();
        TestMember second = new TestMember(fixture);
        CompletionStage<JoinReply> waiting = second.joinWithId();
        fixture.assertWaiting(waiting);

        consumer.join();

        assertThat(fixture.reply(waiting).error()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        second.joined(second.join());
        assertThat(fixture.reply(second.sync()).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeAClassicMemberIntoAConsumerGroup() {
        consumer.join();
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);

        classic.joined(classic.joinWithId());
        SyncReply first = fixture.reply(classic.sync());
        assertThat(partitions(first.assignment())).isEmpty();
        assertThat(classic.heartbeat()).as("nothing is free yet").isEqualTo(ErrorCode.NONE);
        consumer.beat();
        consumer.beat();
        assertThat(classic.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);

        assertThat(rejoin()).hasSize(2);
    }

    @Test
    void shouldDowngradeWhenTheLastConsumerLeaves() {
        formClassicGroup();
        consumer.join();
        rejoin();
        consumer.beat();

        consumer.leave();

        assertThat(type()).isEqualTo("classic PreparingRebalance");
        assertThat(classic.heartbeat()).isIn(ErrorCode.REBALANCE_IN_PROGRESS, ErrorCode.ILLEGAL_GENERATION);
        CompletionStage<JoinReply> join = classic.join();
        classic.joined(join);
        assertThat(fixture.reply(classic.sync(Map.of(classic.memberId, assignment("t", List.of(0)))))
                        .error())
                .isEqualTo(ErrorCode.NONE);
        assertThat(type()).isEqualTo("classic Stable");
        fixture.restart();
        assertThat(type()).isEqualTo("classic Stable");
        assertThat(classic.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldDowngradeWhenTheLastConsumerIsSilent() {
        formClassicGroup();
        consumer.join();
        rejoin();
        for (int i = 0; i < 9; i++) {
            fixture.advance(GroupFixture.HEARTBEAT_MS);
            classic.heartbeat();
        }
        assertThat(type()).startsWith("classic");
    }

    @Test
    void shouldThrowOutAClassicMemberThatDoesNotJoinAgain() {
        formClassicGroup();
        classic.rebalanceTimeoutMs = GroupFixture.REBALANCE_MS;
        consumer.join();
        for (int i = 0; i < GroupFixture.REBALANCE_MS / GroupFixture.HEARTBEAT_MS; i++) {
            classic.heartbeat();
            consumer.beat();
            fixture.advance(GroupFixture.HEARTBEAT_MS);
        }
        consumer.beat();
        assertThat(consumer.holds()).hasSize(4);
    }

    @Test
    void shouldMakeAConsumerGroupOfAnEmptyClassicOne() {
        formClassicGroup();
        classic.commit(7);
        classic.leave();
        assertThat(type()).isEqualTo("classic Empty");

        assertThat(consumer.join()).isEqualTo(ErrorCode.NONE);

        assertThat(type()).isEqualTo("consumer Stable");
        assertThat(consumer.epoch).isEqualTo(2);
        fixture.restart();
        assertThat(type()).isEqualTo("consumer Stable");
    }

    @Test
    void shouldMakeAClassicGroupOfAnEmptyConsumerOne() {
        consumer.join();
        consumer.leave();
        assertThat(type()).isEqualTo("consumer Empty");

        formClassicGroup();

        assertThat(type()).isEqualTo("classic Stable");
        fixture.restart();
        assertThat(type()).isEqualTo("classic Stable");
    }

    @Test
    void shouldReplaceTheLastStaticConsumerByAClassicMember() {
        TestConsumer before = new TestConsumer(fixture, "s1", "one");
        TestMember other = new TestMember(fixture);
        TestMember after = new TestMember(fixture, "one");
        before.join();
        fixture.advance(GroupFixture.ASSIGNMENT_INTERVAL_MS);
        other.joined(other.joinWithId());
        fixture.reply(other.sync());
        before.beat();
        before.beat();
        other.joined(other.join());
        fixture.reply(other.sync());

        after.joined(after.join());

        assertThat(type()).isEqualTo("classic Stable");
        assertThat(partitions(fixture.reply(after.sync()).assignment())).hasSize(2);
    }

    @Test
    void shouldNotUpgradeOtherKindsOfGroups() {
        classic.protocolType = "connect";
        CompletionStage<JoinReply> join = classic.joinWithId();
        fixture.advance(GroupFixture.INITIAL_DELAY_MS);
        classic.joined(join);

        assertThat(consumer.join()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(consumer.message)
                .isEqualTo("Cannot upgrade classic group g to consumer group because the group does not use the"
                        + " consumer embedded protocol.");
    }
}
