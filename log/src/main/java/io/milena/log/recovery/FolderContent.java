package io.milena.log.recovery;

import io.milena.log.segment.FileNames;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of the files in a partition's folder as they were when its log was opened. Read once, since to ask the system for
 * each name costs more than all else when a broker opens thousands of logs. Immutable.
 */
public final class FolderContent {
    private final Path directory;
    private final Set<String> names;

    private FolderContent(Path directory, Set<String> names) {
        this.directory = directory;
        this.names = names;
    }

    /** What lies in a folder, which is created if absent. */
    public static FolderContent of(Path directory) throws IOException {
        try {
            return list(directory);
        } catch (NoSuchFileException e) {
            Files.createDirectories(directory);
            return new FolderContent(directory, Set.of());
        }
    }

    private static FolderContent list(Path directory) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                names.add(file.getFileName().toString());
            }
        }
        return new FolderContent(directory, names);
    }

    Path directory() {
        return directory;
    }

    Set<String> names() {
        return names;
    }

    boolean has(long offset, String kind) {
        return names.contains(
                FileNames.of(directory, offset, kind).getFileName().toString());
    }

    boolean hasAny(String suffix) {
        for (String name : names) {
            if (name.endsWith(suffix)) {
                return true;
            }
        }
        return false;
    }

    /** The offsets in the names of the files of one kind, ascending. */
    NavigableSet<Long> offsets(String kind) {
        NavigableSet<Long> offsets = new TreeSet<>();
        for (String name : names) {
            OptionalLong offset = FileNames.offsetIn(name, kind);
            if (offset.isPresent()) {
                offsets.add(offset.getAsLong());
            }
        }
        return offsets;
    }
}
