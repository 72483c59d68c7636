package io.milena.compat;

import static io.milena.compat.harness.GroupMessages.byId;
import static io.milena.compat.harness.GroupMessages.classic;
import static io.milena.compat.harness.GroupMessages.commit;
import static io.milena.compat.harness.GroupMessages.fetch;
import static io.milena.compat.harness.GroupMessages.join;
import static io.milena.compat.harness.GroupMessages.member;
import static io.milena.compat.harness.GroupMessages.protocols;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members of consumer groups that say right and wrong things are answered as the reference answers them, step by step. */
class ConsumerGroupRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of(
            "offsets.topic.num.partitions", "1",
            "group.consumer.assignment.interval.ms", "0",
            "group.consumer.max.size", "4"));

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final Map<BrokerProcess, Uuid> TOPIC_IDS = new ConcurrentHashMap<>();
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final String UUIDS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String SHORT_IDS = "memberId=[A-Za-z0-9_-]{22},";

    private final List<String> differences = new ArrayList<>();
    private int step;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> broker.topic("four", 4, Map.of()));
        BOTH.each(broker -> broker.topic("two", 2, Map.of()));
        BOTH.each(broker -> {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                Uuid id = admin.describeTopics(List.of("four"))
                        .allTopicNames()
                        .get()
                        .get("four")
                        .topicId();
                TOPIC_IDS.put(broker, id);
                return id;
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        Waiting.until(
                "coordinators",
                Duration.ofSeconds(60),
                () -> REQUESTS
                        .responses(
                                ApiKeys.FIND_COORDINATOR,
                                new FindCoordinatorRequestData().setCoordinatorKeys(List.of("ready")))
                        .stream()
                        .allMatch(response -> response.contains("errorCode=NONE")),
                () -> "none");
        BOTH.each(broker -> {
            Waiting.pause(Duration.ofSeconds(2));
            return broker;
        });
    }

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @AfterEach
    void assertSame() {
        assertThat(String.join("\n", differences)).isEmpty();
    }

    /** Notes a difference between what both answer. */
    private void same(ApiKeys api, int version, Function<BrokerProcess, ApiMessage> request) {
        List<String> both = REQUESTS.responses(api, (short) version, request);
        step++;
        String subject = withoutIds(both.get(0));
        String reference = withoutIds(both.get(1));
        if (!REQUESTS.counted(subject.equals(reference))) {
            differences.add("step " + step + " " + api + " " + version + "\n  subject:   " + subject + "\n  reference: "
                    + reference);
        }
    }

    /** A response with a word for every id that the broker made. */
    private static String withoutIds(String response) {
        return response.replaceAll(UUIDS, "NEW").replaceAll(SHORT_IDS, "memberId=NEW,");
    }

    private void beat(ConsumerGroupHeartbeatRequestData request) {
        same(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, broker -> request);
    }

    /** A heartbeat that says that its sender has some partitions of the topic "four". */
    private void beatWith(ConsumerGroupHeartbeatRequestData request, Integer... partitions) {
        same(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                broker -> request.duplicate()
                        .setTopicPartitions(List.of(new TopicPartitions()
                                .setTopicId(TOPIC_IDS.get(broker))
                                .setPartitions(List.of(partitions)))));
    }

    private void describe(String group) {
        for (int version = 0; version <= 1; version++) {
            same(
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    version,
                    broker -> new ConsumerGroupDescribeRequestData()
                            .setGroupIds(List.of(group))
                            .setIncludeAuthorizedOperations(true));
        }
        same(ApiKeys.DESCRIBE_GROUPS, 6, broker -> new DescribeGroupsRequestData().setGroups(List.of(group)));
        same(ApiKeys.DESCRIBE_GROUPS, 5, broker -> new DescribeGroupsRequestData().setGroups(List.of(group)));
    }

    @Test
    void shouldRefuseRequestsThatMakeNoSense() {
        UnaryOperator<ConsumerGroupHeartbeatRequestData> none = UnaryOperator.identity();
        for (UnaryOperator<ConsumerGroupHeartbeatRequestData> change :
                List.<UnaryOperator<ConsumerGroupHeartbeatRequestData>>of(
                        none,
                        request -> request.setGroupId(""),
                        request -> request.setGroupId(" "),
                        request -> request.setMemberId(""),
                        request -> request.setInstanceId(""),
                        request -> request.setRackId(""),
                        request -> request.setRackId("here"),
                        request -> request.setRebalanceTimeoutMs(-1),
                        request -> request.setTopicPartitions(null),
                        request -> request.setTopicPartitions(List.of(new TopicPartitions())),
                        request -> request.setSubscribedTopicNames(null),
                        request -> request.setSubscribedTopicNames(null).setSubscribedTopicRegex("("),
                        request -> request.setSubscribedTopicNames(null).setSubscribedTopicRegex("*"),
                        request -> request.setSubscribedTopicRegex("(?=x)"),
                        request -> request.setServerAssignor("best"),
                        request -> request.setServerAssignor(""),
                        request -> request.setServerAssignor("range"),
                        request -> request.setMemberEpoch(-1),
                        request -> request.setMemberEpoch(-2),
                        request -> request.setMemberEpoch(-2).setInstanceId("i"),
                        request -> request.setMemberEpoch(-3),
                        request -> request.setMemberEpoch(9))) {
            beat(change.apply(join("senseless", "m", "four")));
            beat(change.apply(join("no such group", "m", "four").setMemberEpoch(3)));
        }
        describe("senseless");
        describe("unknown");
        describe("");
        same(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 0, broker -> join("anonymous", "", "four"));
        beat(member("senseless", "m", -1));
    }

    @Test
    void shouldLeadMembersStepByStep() {
        beat(join("steps", "a", "four"));
        describe("steps");
        beat(member("steps", "a", 2));
        beat(member("steps", "a", 1));
        beat(member("steps", "a", 3));
        beat(join("steps", "b", "four"));
        describe("steps");
        beatWith(member("steps", "a", 2), 0, 1, 2, 3);
        describe("steps");
        beat(member("steps", "a", 2));
        beat(member("steps", "b", 3));
        beat(join("steps", "a", "four").setMemberEpoch(2));
        beatWith(member("steps", "a", 3), 0, 1);
        beatWith(member("steps", "a", 2), 0, 1, 2, 3);
        beatWith(member("steps", "a", 2), 2, 3);
        beatWith(member("steps", "a", 3), 0, 1);
        beat(member("steps", "b", 3));
        beat(join("steps", "b", "four").setMemberEpoch(3));
        describe("steps");
        beat(member("steps", "b", 3).setSubscribedTopicNames(List.of("two", "absent")));
        describe("steps");
        beat(member("steps", "a", 3));
        beat(join("steps", "c", "four").setServerAssignor("range"));
        beat(join("steps", "d", "four", "two"));
        beat(join("steps", "e", "four"));
        beat(join("steps", "a", "four"));
        describe("steps");
        commitAndFetch("steps");
        for (String leaver : List.of("b", "b", "c", "a", "d")) {
            beat(member("steps", leaver, -1));
            describe("steps");
        }
        commitAndFetch("steps");
        same(ApiKeys.DELETE_GROUPS, 2, broker -> new DeleteGroupsRequestData().setGroupsNames(List.of("steps")));
        describe("steps");
    }

    private void commitAndFetch(String group) {
        for (int version = 2; version <= 9; version++) {
            for (int epoch : List.of(-1, 2, 3, 4, 5, 6, 7)) {
                int commitVersion = version;
                for (String member : List.of("a", "d", "")) {
                    same(ApiKeys.OFFSET_COMMIT, commitVersion, broker -> commit(group, member, epoch));
                }
            }
        }
        for (int epoch : List.of(-1, 2, 5, 6, 7)) {
            for (String member : List.of("a", "d", "")) {
                same(ApiKeys.OFFSET_FETCH, 9, broker -> fetch(group, member, epoch));
                same(
                        ApiKeys.OFFSET_FETCH,
                        9,
                        broker -> fetch(group, member, epoch).setRequireStable(true));
                same(ApiKeys.OFFSET_FETCH, 10, broker -> byId(fetch(group, member, epoch), TOPIC_IDS.get(broker)));
            }
        }
        same(ApiKeys.OFFSET_FETCH, 9, broker -> fetch(group, null, -1));
        same(ApiKeys.OFFSET_FETCH, 8, broker -> fetch(group, null, -1));
        same(ApiKeys.OFFSET_COMMIT, 10, broker -> byId(commit(group, "a", 5), TOPIC_IDS.get(broker)));
        same(ApiKeys.OFFSET_DELETE, 0, broker -> {
            OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
            request.topics()
                    .add(new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                            .setName("four")
                            .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition())));
            return request;
        });
        for (String state : List.of("stable", "Reconciling", "Assigning", "Empty", "nothing")) {
            same(
                    ApiKeys.LIST_GROUPS,
                    5,
                    broker -> new ListGroupsRequestData()
                            .setStatesFilter(List.of(state))
                            .setTypesFilter(List.of("Consumer")));
        }
    }

    @Test
    void shouldReplaceStaticMembers() {
        beat(join("statics", "s1", "four").setInstanceId("one"));
        beat(join("statics", "s2", "four").setInstanceId("one"));
        beat(join("statics", "s1", "four").setInstanceId("one"));
        beat(member("statics", "s1", 2).setInstanceId("one"));
        beat(member("statics", "s2", 2).setInstanceId("one"));
        beat(member("statics", "s1", 2).setInstanceId("two"));
        beat(member("statics", "s2", -2).setInstanceId("one"));
        beat(member("statics", "s1", -2).setInstanceId("one"));
        describe("statics");
        beat(join("statics", "s2", "four").setInstanceId("one"));
        describe("statics");
        beat(member("statics", "s1", 2).setInstanceId("one"));
        beat(member("statics", "s2", -1).setInstanceId("two"));
        beat(member("statics", "s2", -1).setInstanceId("one"));
        describe("statics");
    }

    @Test
    void shouldMatchPatterns() {
        beat(join("patterns", "p", "absent").setSubscribedTopicNames(null).setSubscribedTopicRegex("f.*|tw.*"));
        Waiting.pause(A_MOMENT);
        beat(member("patterns", "p", 1));
        describe("patterns");
        beat(member("patterns", "p", 2).setSubscribedTopicRegex("t.*"));
        Waiting.pause(A_MOMENT);
        beat(member("patterns", "p", 2));
        beat(member("patterns", "p", 2).setSubscribedTopicRegex("["));
        beat(join("patterns", "q", "four"));
        describe("patterns");
        beat(member("patterns", "q", 3).setSubscribedTopicRegex(""));
        beat(member("patterns", "p", -1));
        describe("patterns");
    }

    private void sync(String group, String member, int generation) {
        same(
                ApiKeys.SYNC_GROUP,
                5,
                broker -> new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationId(generation)
                        .setProtocolType("consumer")
                        .setProtocolName("range"));
    }

    private void heartbeat(String group, String member, int generation) {
        same(
                ApiKeys.HEARTBEAT,
                4,
                broker -> new HeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setGenerationId(generation));
    }

    @Test
    void shouldServeClassicMembers() {
        beat(join("mixed", "new", "four"));
        same(ApiKeys.JOIN_GROUP, 9, broker -> classic("mixed", ""));
        same(ApiKeys.JOIN_GROUP, 9, broker -> classic("mixed", "").setProtocolType("connect"));
        same(
                ApiKeys.JOIN_GROUP,
                9,
                broker -> classic("mixed", "old")
                        .setProtocols(new JoinGroupRequestData.JoinGroupRequestProtocolCollection()));
        same(ApiKeys.JOIN_GROUP, 9, broker -> classic("mixed", "old"));
        sync("mixed", "old", 2);
        sync("mixed", "old", 3);
        sync("mixed", "new", 3);
        heartbeat("mixed", "old", 3);
        heartbeat("mixed", "old", 2);
        heartbeat("mixed", "nobody", 3);
        describe("mixed");
        beatWith(member("mixed", "new", 2), 0, 1, 2, 3);
        beatWith(member("mixed", "new", 2), 2, 3);
        heartbeat("mixed", "old", 3);
        same(ApiKeys.JOIN_GROUP, 9, broker -> classic("mixed", "old"));
        sync("mixed", "old", 3);
        heartbeat("mixed", "old", 3);
        describe("mixed");
        same(ApiKeys.JOIN_GROUP, 9, broker -> classic("mixed", "odd").setProtocols(protocols("sticky", "four")));
        same(
                ApiKeys.LEAVE_GROUP,
                5,
                broker -> new LeaveGroupRequestData()
                        .setGroupId("mixed")
                        .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId("nobody"))));
        beat(member("mixed", "new", -1));
        describe("mixed");
        heartbeat("mixed", "old", 3);
        same(
                ApiKeys.LEAVE_GROUP,
                5,
                broker -> new LeaveGroupRequestData()
                        .setGroupId("mixed")
                        .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId("old"))));
        describe("mixed");
        beat(join("mixed", "new", "four"));
        describe("mixed");
        beat(member("mixed", "new", -1));
        same(
                ApiKeys.JOIN_GROUP,
                9,
                broker -> classic("mixed", "").setGroupInstanceId("static").setProtocolType("connect"));
        describe("mixed");
        beat(join("mixed", "new", "four"));
    }
}
