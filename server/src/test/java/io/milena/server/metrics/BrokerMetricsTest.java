package io.milena.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.milena.log.Damage;
import io.milena.log.clean.CompactionStatistics;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BrokerMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BrokerMetrics metrics = new BrokerMetrics(registry);

    @Test
    void shouldCountDamageByItsKind() {
        metrics.damageFound(Damage.of(Damage.Kind.INDEX, Path.of("1"), "built anew"));
        metrics.damageFound(Damage.of(Damage.Kind.INDEX, Path.of("2"), "built anew"));
        metrics.damageFound(Damage.of(Damage.Kind.CHECKPOINT, Path.of("3"), "unknown"));

        assertThat(count("index")).isEqualTo(2);
        assertThat(count("checkpoint")).isEqualTo(1);
        assertThat(count("records")).isZero();
    }

    private double count(String kind) {
        return registry.get("milena.log.damage.found")
                .tag("kind", kind)
                .counter()
                .count();
    }

    @Test
    void shouldShowFailedPartitions() {
        int[] failed = {3};
        metrics.failedPartitions(() -> failed[0]);

        assertThat(registry.get("milena.partitions.failed").gauge().value()).isEqualTo(3);
        failed[0] = 0;
        assertThat(registry.get("milena.partitions.failed").gauge().value()).isZero();
    }

    @Test
    void shouldShowWhatCompactionDid() {
        metrics.compaction(() -> new CompactionStatistics(3, 2000, 1000, 0.5, 1));

        assertThat(registry.get("milena.compaction.finished").functionCounter().count())
                .isEqualTo(3);
        assertThat(registry.get("milena.compaction.read").functionCounter().count())
                .isEqualTo(2000);
        assertThat(registry.get("milena.compaction.written").functionCounter().count())
                .isEqualTo(1000);
        assertThat(registry.get("milena.compaction.dirty.ratio.max").gauge().value())
                .isEqualTo(0.5);
        assertThat(registry.get("milena.compaction.partitions.uncleanable")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void shouldShowFoldersThatAreOffline() {
        metrics.offlineFolders(() -> 2);

        assertThat(registry.get("milena.folders.offline").gauge().value()).isEqualTo(2);
    }
}
