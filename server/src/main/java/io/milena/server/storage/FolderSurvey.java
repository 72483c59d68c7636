package io.milena.server.storage;

import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is found in a data folder, by looking: nothing is created or changed, and a broker may use it meanwhile. For one thread.
 */
public final class FolderSurvey {
    private static final String PARTITION = ".+-[0-9]+";

    private final Path folder;
    private final State state;
    private final Properties properties;
    private final SortedMap<String, Long> partitions;

    /** How a folder was left. */
    public enum State {
        MISSING("there is no such folder"),
        NOT_FORMATTED("not formatted: no broker used it yet"),
        IN_USE("in use by a running broker"),
        CLEAN("left in order: the next start needs no recovery"),
        UNCLEAN("not left in order: the next start recovers what was written last");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    private FolderSurvey(Path folder, State state, Properties properties, SortedMap<String, Long> partitions) {
        this.folder = folder;
        this.state = state;
        this.properties = properties;
        this.partitions = partitions;
    }

    /** Looks into a folder; throws {@link DataFolderException} if it cannot be read. */
    public static FolderSurvey of(Path folder) {
        try {
            Properties properties = properties(folder);
            return new FolderSurvey(folder, state(folder, properties), properties, partitions(folder));
        } catch (IOException e) {
            throw new DataFolderException("the data folder " + folder + " cannot be read: " + DiskErrors.reason(e), e);
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** How it was left. */
    public State state() {
        return state;
    }

    /** Whether it says whose it is. */
    public boolean isFormatted() {
        return !properties.isEmpty();
    }

    /** A line of its {@code meta.properties}. */
    public String property(String name) {
        return properties.getProperty(name, "(none)");
    }

    /** The size of each partition in bytes, by its folder's name; the metadata log's with them. */
    public Map<String, Long> partitions() {
        return Collections.unmodifiableMap(partitions);
    }

    /** The size of all partitions. */
    public long bytes() {
        return partitions.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Properties properties(Path folder) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("meta.properties"))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            properties.clear();
        }
        return properties;
    }

    private static State state(Path folder, Properties properties) throws IOException {
        if (!Files.isDirectory(folder)) {
            return State.MISSING;
        }
        if (isLocked(folder.resolve(".lock"))) {
            return State.IN_USE;
        }
        if (properties.isEmpty()) {
            return State.NOT_FORMATTED;
        }
        return Files.exists(folder.resolve(".kafka_cleanshutdown")) ? State.CLEAN : State.UNCLEAN;
    }

    private static boolean isLocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true; // by a broker of this process
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static SortedMap<String, Long> partitions(Path folder) throws IOException {
        SortedMap<String, Long> partitions = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, Files::isDirectory)) {
                for (Path child : children) {
                    String name = child.getFileName().toString();
                    if (name.matches(PARTITION)) {
                        partitions.put(name, size(child));
                    }
                }
            }
        }
        return partitions;
    }

    /** A file that a broker deletes meanwhile counts for nothing. */
    private static long size(Path partition) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partition, Files::isRegularFile)) {
            for (Path file : files) {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }
}
