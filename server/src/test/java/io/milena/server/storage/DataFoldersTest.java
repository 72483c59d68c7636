package io.milena.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFoldersTest {
    private static final int NODE = 4;

    @TempDir
    private Path root;

    @Test
    void shouldGiveEachFolderItsOwnIdInTheSameCluster() throws IOException {
        String clusterId;
        try (DataFolders folders = open("a", "a", "b")) {
            clusterId = folders.clusterId();
            assertThat(folders.all())
                    .extracting(DataFolder::path)
                    .containsExactly(root.resolve("a"), root.resolve("b"));
            assertThat(folders.online()).isEqualTo(folders.all());
            assertThat(folders.metadata()).isSameAs(folders.all().get(0));
        }
        assertThat(meta("a")).containsEntry("cluster.id", clusterId).containsEntry("node.id", "4");
        assertThat(meta("b")).containsEntry("cluster.id", clusterId).containsEntry("node.id", "4");
        assertThat(meta("a").get("directory.id")).isNotEqualTo(meta("b").get("directory.id"));

        Object idOfA = meta("a").get("directory.id");
        try (DataFolders folders = open("a", "a", "b", "c")) {
            assertThat(folders.clusterId()).isEqualTo(clusterId);
        }
        assertThat(meta("a").get("directory.id")).isEqualTo(idOfA);
        assertThat(meta("c")).containsEntry("cluster.id", clusterId);
    }

    @Test
    void shouldGoOnWithoutAFolderThatCannotBeUsed() throws IOException {
        open("a", "a").close();
        Files.createFile(root.resolve("b"));
        try (DataFolders folders = open("a", "a", "b", "c")) {
            assertThat(folders.online())
                    .extracting(DataFolder::path)
                    .containsExactly(root.resolve("a"), root.resolve("c"));
            DataFolder failed = folders.all().get(1);
            assertThat(failed.isOnline()).isFalse();
            assertThat(failed.failure()).contains(root.resolve("b").toString()).contains("another file of that name");
            assertThatThrownBy(failed::directory).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldTakeAFolderWithoutReadableMarkForFailed() throws IOException {
        open("a", "a", "b").close();
        Files.writeString(root.resolve("b").resolve("meta.properties"), "version=1\nmilena.format=1\n");
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.all().get(1).failure()).contains("meta.properties");
        }
    }

    /** Whatever became of the mark: the folder is used as the one it was, or not at all, and its mark stays as it was found. */
    @Test
    void shouldNeverMarkAFolderAnewWhoseMarkIsDamaged() throws IOException {
        String clusterId;
        try (DataFolders folders = open("a", "a", "b")) {
            clusterId = folders.clusterId();
        }
        for (String name : List.of("a", "b")) {
            Path mark = root.resolve(name).resolve("meta.properties");
            byte[] whole = Files.readAllBytes(mark);
            int refused = 0;
            for (int at = 0; at < whole.length; at++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << at % 8);
                for (byte[] wrong : List.of(flipped, Arrays.copyOf(whole, at))) {
                    Files.write(mark, wrong);
                    refused += isRefused(name, clusterId) ? 1 : 0;
                    assertThat(mark).as("%s, byte %d", name, at).hasBinaryContent(wrong);
                }
            }
            assertThat(refused).isGreaterThan(whole.length);
            Files.write(mark, whole);
        }
        open("a", "a", "b").close();
    }

    private boolean isRefused(String damaged, String clusterId) {
        try (DataFolders folders = open("a", "a", "b")) {
            DataFolder folder = folders.all().get("ab".indexOf(damaged));
            assertThat(folders.online()).contains(folders.all().get("ba".indexOf(damaged)));
            if (folder.isOnline()) {
                assertThat(folders.clusterId()).isEqualTo(clusterId);
                return false;
            }
            assertThat(folder.failure()).contains("meta.properties").hasLineCount(1);
            return true;
        } catch (DataFolderException e) {
            assertThat(e.getMessage()).contains(root.toString()).hasLineCount(1);
            return true;
        }
    }

    @Test
    void shouldNotStartWithoutTheMetadataFolder() throws IOException {
        open("m", "a", "b").close();
        Files.createFile(root.resolve("file"));
        assertRefused("metadata log cannot be used", "file", "a", "b");
        assertRefused("is new, but", "other", "a", "b");
        open("m", "a", "b").close();
    }

    @Test
    void shouldNotStartWithoutAnyFolder() throws IOException {
        Files.createFile(root.resolve("a"));
        Files.createFile(root.resolve("b"));
        assertRefused("none of log.dirs can be used", "m", "a", "b");
    }

    @Test
    void shouldRefuseFoldersOfOthers() throws IOException {
        open("a", "a").close();
        open("b", "b").close();
        assertRefused("different clusters", "a", "a", "b");
        assertThatThrownBy(() -> DataFolders.open(List.of(path("a")), path("a"), NODE + 1))
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining("belongs to node 4, but node.id is 5");
        assertRefused("twice", "a", "a", "./a");
        try (DataFolders folders = open("a", "a", "c")) {
            assertThat(folders.online()).hasSize(2);
            assertRefused("another broker", "m", "c");
        }
        // What was opened before the refusal was given back.
        open("m", "m").close();
        open("a", "a", "c").close();
    }

    @Test
    void shouldMissAFolderUntilItIsBackOrHeldNothing() throws IOException {
        open("a", "a", "b").close();
        Files.move(root.resolve("b"), root.resolve("away"));
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.online()).hasSize(2);
            assertThat(folders.isComplete()).as("b is another one").isFalse();
        }
        open("a", "a", "b").close();
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.isComplete()).as("remembered").isFalse();
        }
        Files.move(root.resolve("b"), root.resolve("empty"));
        Files.move(root.resolve("away"), root.resolve("b"));
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.isComplete()).as("the empty one is missing now").isFalse();
            folders.foundEverything();
            assertThat(folders.isComplete()).isTrue();
        }
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.isComplete()).isTrue();
        }
    }

    @Test
    void shouldNotMissAFolderThatFailed() throws IOException {
        open("a", "a", "b").close();
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.createFile(root.resolve("b"));
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.isComplete()).isFalse();
            folders.foundEverything();
            assertThat(folders.isComplete()).isFalse();
        }
        Files.delete(root.resolve("b"));
        Files.move(root.resolve("away"), root.resolve("b"));
        try (DataFolders folders = open("a", "a", "b")) {
            assertThat(folders.isComplete()).isTrue();
        }
    }

    @Test
    void shouldFailAFolderOnce() {
        try (DataFolders folders = open("a", "a", "b")) {
            DataFolder b = folders.all().get(1);
            assertThat(folders.fail(b, "planted")).isTrue();
            assertThat(folders.fail(b, "again")).isFalse();
            assertThat(b.failure()).isEqualTo("planted");
            assertThat(folders.online()).containsExactly(folders.all().get(0));
        }
    }

    private DataFolders open(String metadata, String... names) {
        return DataFolders.open(Arrays.stream(names).map(this::path).toList(), path(metadata), NODE);
    }

    private void assertRefused(String message, String metadata, String... names) {
        assertThatThrownBy(() -> open(metadata, names).close())
                .isInstanceOf(DataFolderException.class)
                .hasMessageContaining(message);
    }

    private String path(String name) {
        return root + "/" + name;
    }

    private Properties meta(String name) throws IOException {
        Properties properties = new Properties();
        properties.load(Files.newBufferedReader(root.resolve(name).resolve("meta.properties")));
        return properties;
    }
}
