package io.milena.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    @TempDir
    Path root;

    @Test
    void shouldTellNothingWithoutControlGroups() {
        assertThat(limit()).isEqualTo(MemoryLimit.NONE);
    }

    @Test
    void shouldTakeTheLeastOfAllGroupsAbove() throws IOException {
        file("proc/self/cgroup", "0::/system.slice/milena.service\n");
        file("sys/fs/cgroup/system.slice/milena.service/memory.max", "max\n");
        file("sys/fs/cgroup/system.slice/memory.max", "536870912\n");
        assertThat(limit()).isEqualTo(512L << 20);
        file("sys/fs/cgroup/system.slice/milena.service/memory.max", "268435456\n");
        assertThat(limit()).isEqualTo(256L << 20);
    }

    @Test
    void shouldTakeTheGroupThatAContainerSees() throws IOException {
        file("sys/fs/cgroup/memory.max", "268435456\n");
        file("proc/self/cgroup", "0::/\n");
        assertThat(limit()).isEqualTo(256L << 20);
        file("proc/self/cgroup", "0::/../../docker/4711\n");
        assertThat(limit()).isEqualTo(256L << 20);
        file("proc/self/cgroup", "0::/docker/4711\n");
        assertThat(limit()).isEqualTo(256L << 20);
    }

    @Test
    void shouldKnowTheFirstVersion() throws IOException {
        file("proc/self/cgroup", "5:cpu,cpuacct:/docker/4711\n4:memory:/docker/4711\n0::/\nnonsense\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(limit()).isEqualTo(MemoryLimit.NONE);
        file("sys/fs/cgroup/memory/docker/4711/memory.limit_in_bytes", "268435456\n");
        assertThat(limit()).isEqualTo(256L << 20);
    }

    private long limit() {
        return new MemoryLimit(root).bytes();
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
