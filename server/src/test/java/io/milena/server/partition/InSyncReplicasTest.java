package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InSyncReplicasTest {
    @Test
    void shouldCommitWhatTheLeaderHasWhenItIsAlone() {
        InSyncReplicas alone = new InSyncReplicas(1, List.of(1));

        assertThat(alone.size()).isEqualTo(1);
        assertThat(alone.highWatermark(10, 4)).isEqualTo(10);
    }

    @Test
    void shouldKeepTheKnownHighWatermarkUntilAllFollowersAreHeardOf() {
        InSyncReplicas three = new InSyncReplicas(1, List.of(1, 2, 3));
        three.copied(2, 8);

        assertThat(three.size()).isEqualTo(3);
        assertThat(three.highWatermark(10, 4)).isEqualTo(4);
    }

    @Test
    void shouldCommitUpToTheSlowestFollower() {
        InSyncReplicas three = new InSyncReplicas(1, List.of(3, 1, 2));
        three.copied(2, 8);
        three.copied(3, 6);
        three.copied(4, 1);

        assertThat(three.highWatermark(10, 4)).isEqualTo(6);
    }
}
