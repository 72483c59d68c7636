package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.GroupMessages;
import io.milena.compat.harness.RequestDifferential;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Settings that rule groups have the effect they have with the reference: policies of migration, sizes, the life of offsets. */
class GroupPolicyIT {

    @RegisterExtension
    static final Differential DISABLED = Differential.with(settings("disabled"));

    @RegisterExtension
    static final Differential UPGRADE = Differential.with(settings("upgrade"));

    @RegisterExtension
    static final Differential DOWNGRADE = Differential.with(settings("downgrade"));

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String IDS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    /** Who gets which partitions depends on the ids that the brokers made. */
    private static final String SHARE = "partitions=\\[\\d[\\d, ]*\\]";

    private static final String SHORT_IDS = "memberId=[A-Za-z0-9_-]{22},";

    /** Before members could be static and needed an id of their own. */
    private static final int OLD_JOIN = 3;

    private static final int OLD_COMMIT = 2;

    private static Map<String, String> settings(String policy) {
        Map<String, String> settings = new HashMap<>();
        settings.put("group.consumer.migration.policy", policy);
        settings.put("group.max.size", "1");
        settings.put("group.consumer.max.size", "2");
        settings.put("offsets.retention.check.interval.ms", "1000");
        settings.put("offsets.topic.num.partitions", "1");
        return settings;
    }

    @BeforeAll
    static void prepare() {
        for (Differential both : List.of(DISABLED, UPGRADE, DOWNGRADE)) {
            both.each(broker -> broker.topic("four", 4, Map.of()));
        }
    }

    @Test
    void shouldNotMigrate() {
        play(DISABLED);
    }

    @Test
    void shouldMigrateToTheConsumerProtocolOnly() {
        play(UPGRADE);
    }

    @Test
    void shouldMigrateToTheClassicProtocolOnly() {
        play(DOWNGRADE);
    }

    /** A classic member before a consumer and after one, one member too many of each kind. */
    private static void play(Differential both) {
        try (RequestDifferential requests = new RequestDifferential(both)) {
            awaitCoordinators(requests);
            List<String> differences = new ArrayList<>();
            step(differences, requests, ApiKeys.JOIN_GROUP, OLD_JOIN, GroupMessages.classic("old", ""));
            step(differences, requests, ApiKeys.JOIN_GROUP, OLD_JOIN, GroupMessages.classic("old", ""));
            beat(differences, requests, "old", "new-member");
            beat(differences, requests, "new", "one");
            beat(differences, requests, "new", "two");
            beat(differences, requests, "new", "three");
            step(
                    differences,
                    requests,
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    1,
                    GroupMessages.member("new", "two", -1).setTopicPartitions(List.of()));
            for (String group : List.of("old", "new")) {
                step(
                        differences,
                        requests,
                        ApiKeys.LIST_GROUPS,
                        5,
                        new ListGroupsRequestData()
                                .setTypesFilter(List.of(group.equals("old") ? "classic" : "consumer")));
            }
            assertThat(String.join("\n", differences)).isEmpty();
        }
    }

    /** Commits of old clients say how long they want to be kept; a group without offsets and members is no more. */
    @Test
    void shouldForgetOffsetsThatExpired() {
        try (RequestDifferential requests = new RequestDifferential(DISABLED)) {
            awaitCoordinators(requests);
            OffsetCommitRequestData commit =
                    GroupMessages.commit("brief", "", -1).setRetentionTimeMs(1);
            Waiting.until(
                    "the commits",
                    TIMEOUT,
                    () -> requests.responses(ApiKeys.OFFSET_COMMIT, (short) OLD_COMMIT, broker -> commit).stream()
                            .allMatch(response -> response.contains("errorCode=NONE")),
                    () -> "not committed");
            Waiting.until(
                    "the end of the group",
                    TIMEOUT,
                    () -> requests
                            .responses(
                                    ApiKeys.DESCRIBE_GROUPS,
                                    new DescribeGroupsRequestData().setGroups(List.of("brief")))
                            .stream()
                            .allMatch(response -> response.contains("GROUP_ID_NOT_FOUND")),
                    () -> "still there");
            requests.same(
                    ApiKeys.DESCRIBE_GROUPS, version -> new DescribeGroupsRequestData().setGroups(List.of("brief")));
            requests.same(ApiKeys.OFFSET_FETCH, version -> version < 8 ? null : GroupMessages.fetch("brief", "", -1));
        }
    }

    /** Waits until both know that there is no such group: the reference needs a while after it said where the coordinator is. */
    private static void awaitCoordinators(RequestDifferential requests) {
        Waiting.until(
                "coordinators",
                TIMEOUT,
                () -> {
                    requests.responses(
                            ApiKeys.FIND_COORDINATOR,
                            new FindCoordinatorRequestData().setCoordinatorKeys(List.of("ready")));
                    return requests
                            .responses(
                                    ApiKeys.DESCRIBE_GROUPS,
                                    new DescribeGroupsRequestData().setGroups(List.of("ready")))
                            .stream()
                            .allMatch(response -> response.contains("GROUP_ID_NOT_FOUND"));
                },
                () -> "none");
    }

    private static void beat(List<String> differences, RequestDifferential requests, String group, String member) {
        step(differences, requests, ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, GroupMessages.join(group, member, "four"));
    }

    private static void step(
            List<String> differences, RequestDifferential requests, ApiKeys api, int version, ApiMessage request) {
        List<String> both = requests.responses(api, (short) version, broker -> request).stream()
                .map(response -> response.replaceAll(IDS, "NEW")
                        .replaceAll(SHORT_IDS, "memberId=NEW,")
                        .replaceAll(SHARE, "partitions=SOME"))
                .toList();
        if (!requests.counted(both.get(0).equals(both.get(1)))) {
            differences.add(api + " " + request + "\n  subject:   " + both.get(0) + "\n  reference: " + both.get(1));
        }
    }
}
