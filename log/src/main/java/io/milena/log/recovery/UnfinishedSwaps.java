package io.milena.log.recovery;

import io.milena.log.segment.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the swaps of cleaned segments that a crash or a failing disk cut short, as the marks in a partition's folder
 * tell. For the owner of the log.
 */
public final class UnfinishedSwaps {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSwaps.class);

    private final Path directory;

    /** The swaps in a partition's folder. */
    public UnfinishedSwaps(Path directory) {
        this.directory = directory;
    }

    /** Leaves a folder without marks. Doing it again after a crash is doing it once. */
    public void finish() throws IOException {
        for (Path mark : files()) {
            String name = mark.getFileName().toString();
            if (name.endsWith(FileNames.SWAP)) {
                int dash = name.indexOf('-');
                OptionalLong from = FileNames.offsetIn(name.substring(0, Math.max(0, dash)), "");
                OptionalLong end = FileNames.offsetIn(name.substring(dash + 1), FileNames.SWAP);
                if (from.isPresent() && end.isPresent()) {
                    finish(from.getAsLong(), end.getAsLong());
                    LOG.info("event=swap-finished mark={}", mark);
                }
                Files.delete(mark);
            }
        }
    }

    private void finish(long from, long end) throws IOException {
        Path firstCleaned = FileNames.of(directory, from, FileNames.LOG + FileNames.CLEANED);
        if (Files.exists(firstCleaned)) {
            removeSegments(from, end);
            AtomicFile.forceDirectory(directory);
            install(firstCleaned);
        }
        for (Path file : files()) {
            if (isInRange(file, FileNames.CLEANED, from, end)) {
                install(file);
            }
        }
        AtomicFile.forceDirectory(directory);
    }

    private void removeSegments(long from, long end) throws IOException {
        for (Path file : files()) {
            if (isInRange(file, "", from, end)) {
                Files.delete(file);
            }
        }
    }

    private static boolean isInRange(Path file, String suffix, long from, long end) {
        for (String kind : FileNames.SEGMENT_KINDS) {
            OptionalLong offset = FileNames.offsetIn(file.getFileName().toString(), kind + suffix);
            if (offset.isPresent()) {
                return offset.getAsLong() >= from && offset.getAsLong() < end;
            }
        }
        return false;
    }

    private static void install(Path cleaned) throws IOException {
        String name = cleaned.getFileName().toString();
        FileNames.renameIfPresent(
                cleaned, cleaned.resolveSibling(name.substring(0, name.length() - FileNames.CLEANED.length())));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> listed = Files.list(directory)) {
            return listed.toList();
        }
    }
}
