package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.segment.OpenFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineLimitsTest {
    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @ValueSource(longs = {256, 512, 1024, 65_536, 1_048_576, Integer.MAX_VALUE})
    void shouldNeverPromiseMoreDescriptorsThanThereAre(long openFiles) {
        MachineLimits limits = limits(openFiles);
        assertThat(MachineLimits.RESERVED_FILES
                        + (long) limits.keptFiles()
                        + limits.leasedFiles()
                        + limits.connections())
                .isLessThanOrEqualTo(openFiles);
        assertThat(limits.connections()).isGreaterThanOrEqualTo(96);
    }

    @Test
    void shouldKeepNoMoreFilesOpenThanHelps() {
        assertThat(limits(1_048_576).keptFiles()).isEqualTo(OpenFiles.DEFAULT_MAX_HANDLES);
        assertThat(limits(256).keptFiles()).isEqualTo(48);
    }

    @Test
    void shouldCountPartitionsByHeapAndDisk() {
        assertThat(new MachineLimits(1024, 65_530, GIB, GIB, 100 * GIB).partitions())
                .isEqualTo(65_536);
        assertThat(new MachineLimits(1024, 65_530, GIB, GIB, GIB / 64).partitions())
                .isEqualTo(1024);
    }

    @Test
    void shouldFindLimitsHere(@TempDir Path folder) {
        MachineLimits limits = MachineLimits.of(List.of(folder, folder.resolve("absent")));
        assertThat(limits.connections()).isPositive();
        assertThat(limits.partitions()).isPositive();
        assertThat(limits.pageCacheBytes()).isPositive();
    }

    private static MachineLimits limits(long openFiles) {
        return new MachineLimits(openFiles, 65_530, 4 * GIB, GIB, 100 * GIB);
    }
}
