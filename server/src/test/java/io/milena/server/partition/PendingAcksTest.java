package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingAcksTest {
    private final List<String> told = new ArrayList<>();
    private final PendingAcks acks = new PendingAcks();

    @Test
    void shouldCompleteWhatTheHighWatermarkReached() {
        acks.add(5, named("a"));
        acks.add(7, named("b"));
        acks.add(7, named("c"));
        acks.add(9, named("d"));

        acks.complete(7);

        assertThat(told).containsExactly("a", "b", "c");
        assertThat(acks.size()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheOrderOfOffsetsWhenADuplicateWaitsForAnEarlierOne() {
        acks.add(5, named("a"));
        acks.add(9, named("c"));
        acks.add(11, named("d"));
        acks.add(7, named("b"));

        acks.complete(7);
        acks.complete(20);

        assertThat(told).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldTellEverybodyWhoWaitsThatItIsOver() {
        acks.add(5, named("a"));
        acks.add(7, named("b"));

        acks.abandon(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        acks.complete(10);

        assertThat(told).containsExactly("a NOT_LEADER_OR_FOLLOWER", "b NOT_LEADER_OR_FOLLOWER");
    }

    private Acknowledgement named(String name) {
        return new Acknowledgement() {
            @Override
            public void committed() {
                told.add(name);
            }

            @Override
            public void abandoned(ErrorCode error) {
                told.add(name + " " + error);
            }
        };
    }
}
