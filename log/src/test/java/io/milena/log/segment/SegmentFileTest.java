package io.milena.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFileTest {
    @TempDir
    Path folder;

    private final OpenFiles openFiles = new OpenFiles(1, 1000, Runnable::run);

    @AfterEach
    void leasesAreBack() {
        assertThat(openFiles.leases()).isZero();
    }

    private SegmentFile file(String name, int size) throws IOException {
        SegmentFile file = new SegmentFile(folder.resolve(name), openFiles);
        file.createEmpty();
        file.write(ByteBuffer.wrap(new byte[size]), 0);
        return file;
    }

    private static Lease lease(SegmentFile file) throws IOException {
        return Objects.requireNonNull(file.lease());
    }

    @Test
    void shouldCloseAnEvictedFileWithItsLastLeaseOnly() throws IOException {
        SegmentFile file = file("a", 10);
        Lease first = lease(file);
        Lease second = lease(file);
        for (int i = 0; i < 50; i++) {
            file("other" + i, 1);
        }
        first.close();
        FileChannel channel = second.channel();
        assertThat(channel.isOpen()).isTrue();
        second.close();
        assertThat(channel.isOpen()).isFalse();
        try (Lease again = lease(file)) {
            assertThat(again.channel().size()).isEqualTo(10);
        }
    }

    @Test
    void shouldRefuseToCloseALeaseTwice() throws IOException {
        Lease lease = lease(file("a", 1));
        lease.close();
        assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRunTheActionOfARetiredFileAfterItsLastLease() throws IOException {
        SegmentFile file = file("a", 1);
        AtomicInteger runs = new AtomicInteger();
        try (Lease lease = lease(file)) {
            assertThat(file.retire()).as("nobody has a lease").isFalse();
            file.discard(runs::incrementAndGet);
            assertThat(file.lease()).isNull();
            assertThat(lease.channel().isOpen()).isTrue();
            assertThat(runs).hasValue(0);
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void shouldKeepTheBytesOfALeaseWhenTheFileIsReplacedByAShorterCopy() throws IOException {
        SegmentFile file = file("a", 10);
        try (Lease lease = lease(file)) {
            SegmentFile shorter = file.copied(4);
            file.retire();
            file.discard(() -> {});
            assertThat(lease.channel().size()).isEqualTo(10);
            assertThat(Files.size(shorter.path())).isEqualTo(4);
            shorter.write(ByteBuffer.wrap(new byte[] {1}), 4);
            assertThat(lease.channel().size()).isEqualTo(10);
        }
    }

    @Test
    void shouldOpenTheFileAgainAfterAnInterruptClosedIt() throws IOException {
        SegmentFile file = file("a", 10);
        try (Lease lease = lease(file)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> lease.channel().read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        try (Lease again = lease(file)) {
            assertThat(again.channel().read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
        }
    }

    @Test
    void shouldGiveValidLeasesToManyThreadsWhileFilesComeAndGo() throws Exception {
        List<SegmentFile> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(file("f" + i, i + 1));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            running.add(threads.submit(() -> {
                for (int i = 0; i < 5000; i++) {
                    int which = (i * 7 + seed * 3) % files.size();
                    try (Lease lease = lease(files.get(which))) {
                        assertThat(lease.channel().size()).isEqualTo(which + 1);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
        AtomicInteger discarded = new AtomicInteger();
        for (SegmentFile file : files) {
            assertThat(file.retire()).isTrue();
            file.discard(discarded::incrementAndGet);
        }
        assertThat(discarded).hasValue(files.size());
    }
}
