package io.milena.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.strand.ManualTimers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderCheckTest {
    @TempDir
    Path root;

    private final ManualTimers timers = new ManualTimers();
    private final List<DataFolder> failed = new ArrayList<>();
    private DataFolders folders;
    private DataFolder b;
    private FolderCheck check;

    @BeforeEach
    void open() {
        folders = DataFolders.open(List.of(root + "/a", root + "/b"), root + "/m", 1);
        folders.onFailure(failed::add);
        b = folders.all().get(1);
        check = new FolderCheck(folders, timers, Runnable::run);
        check.start();
    }

    @AfterEach
    void close() {
        check.close();
        check.suspect(folders.metadata());
        folders.close();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    void shouldLeaveAFolderInUseThatCanBeWritten() {
        check.suspect(b);
        timers.advance(3 * FolderCheck.INTERVAL_MS);
        assertThat(failed).isEmpty();
        assertThat(root.resolve("b")).isDirectoryNotContaining("glob:**probe*");
    }

    @Test
    void shouldNoticeThatAFolderIsGone() throws IOException {
        Files.move(root.resolve("b"), root.resolve("away"));
        timers.advance(FolderCheck.INTERVAL_MS);
        timers.advance(FolderCheck.INTERVAL_MS);
        assertThat(failed).containsExactly(b);
        assertThat(b.failure()).contains("removed or replaced");
        assertThat(folders.isLost()).isFalse();
    }

    @Test
    void shouldNoticeThatAFolderWasReplaced() throws IOException {
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.createDirectory(root.resolve("b"));
        check.suspect(b);
        check.suspect(b);
        assertThat(failed).containsExactly(b);
    }

    @Test
    void shouldBeLostWithoutTheMetadataOrAnyFolder() throws IOException {
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.move(root.resolve("a"), root.resolve("away2"));
        timers.advance(FolderCheck.INTERVAL_MS);
        assertThat(failed).hasSize(2);
        assertThat(folders.isLost()).isTrue();
    }

    @Test
    void shouldBeLostWithoutTheMetadata() throws IOException {
        Files.move(root.resolve("m"), root.resolve("away"));
        check.suspect(folders.metadata());
        assertThat(folders.isLost()).isTrue();
    }
}
