package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random members come, go, crash and return while the coordinator is restarted and its log refuses appends. A generation's work never
 * has two owners, a fenced member commits nothing, and when the world calms down everybody agrees.
 */
class ClassicGroupOperationsTest {
    private static final int RUNS = 300;
    private static final int STEPS = 400;

    @Test
    void shouldNeverHaveTwoOwnersAndAlwaysAgreeInTheEnd() {
        for (int run = 0; run < RUNS; run++) {
            long seed = run < RUNS / 2 ? run : System.nanoTime() + run;
            try {
                new Run(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Run {
        private final Random random;
        private final GroupFixture fixture = new GroupFixture();
        private final GroupLedger ledger = new GroupLedger();
        private final List<RandomMember> members = new ArrayList<>();

        Run(long seed) {
            random = new Random(seed);
            for (int i = 0; i < 2 + random.nextInt(4); i++) {
                members.add(new RandomMember(fixture, ledger, random.nextBoolean() ? null : "i" + i, null));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                fixture.settle();
            }
            calmDown();
            assertAgreement();
            assertReplayedStateIsTheSame();
        }

        private void step() {
            int index = random.nextInt(members.size());
            RandomMember member = members.get(index);
            switch (random.nextInt(24)) {
                case 0 -> member.leave();
                case 1 -> members.set(index, new RandomMember(fixture, ledger, member.instanceId, member)); // crashed
                case 2 -> fixture.advance(random.nextInt(15_000));
                case 3 -> {
                    fixture.restart();
                    ledger.restarted();
                }
                case 4 -> member.changeTopics("t" + random.nextInt(3));
                case 5 -> {
                    fixture.log.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
                    member.act();
                    fixture.log.refuse(null);
                }
                case 6, 7, 8 -> member.commit();
                case 9 -> member.commitLate();
                case 10, 11, 12 -> fixture.advance(random.nextInt(3_000));
                default -> member.act();
            }
        }

        /** Nobody crashes any more, and everybody keeps talking. */
        private void calmDown() {
            for (int i = 0; i < 400 && !members.stream().allMatch(RandomMember::isSettled); i++) {
                members.forEach(RandomMember::act);
                fixture.advance(1_000);
            }
            for (int i = 0; i < 20; i++) {
                members.forEach(RandomMember::act);
                fixture.advance(1_000);
            }
        }

        private void assertAgreement() {
            DescribeGroupsResponse.Group group = describe();
            assertThat(members).allMatch(RandomMember::isSettled);
            assertThat(group.groupState()).isEqualTo("Stable");
            Set<String> ids = members.stream().map(RandomMember::memberId).collect(Collectors.toSet());
            assertThat(group.members())
                    .extracting(DescribeGroupsResponse.Member::memberId)
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(members)
                    .extracting(RandomMember::generation)
                    .containsOnly(members.get(0).generation());
            members.forEach(member -> assertThat(member.commit()).isTrue());
        }

        private void assertReplayedStateIsTheSame() {
            DescribeGroupsResponse.Group before = describe();
            Map<String, Object> offsets = offsets();
            fixture.restart();
            assertThat(describe()).isEqualTo(before);
            assertThat(offsets()).isEqualTo(offsets);
        }

        private DescribeGroupsResponse.Group describe() {
            return fixture.reply(fixture.coordinator.describe(TestMember.GROUP, 6));
        }

        private Map<String, Object> offsets() {
            Map<String, Object> offsets = new HashMap<>();
            fixture.reply(fixture.coordinator.fetch(new OffsetFetchRequest.Group()
                            .groupId(TestMember.GROUP)
                            .topics(null)))
                    .forEach(topic -> offsets.put(topic.name(), topic.partitions()));
            return offsets;
        }
    }
}
