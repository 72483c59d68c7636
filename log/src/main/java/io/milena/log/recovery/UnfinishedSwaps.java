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
 * The swaps of cleaned segments that a crash or a failing disk cut short, as the marks in a partition's folder tell. The first
 * source goes first: while its data is there, so is that of all others, and the cleaned segments are not needed, whatever
 * became of them. For the owner of the log.
 */
public final class UnfinishedSwaps {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedSwaps.class);

    private final Path directory;

    /** The swaps in a partition's folder. */
    public UnfinishedSwaps(Path directory) {
        this.directory = directory;
    }

    /** Takes back those that nothing was lost to and finishes the others, for a log that is not open. No marks are left. */
    void settle() throws IOException {
        for (Path mark : files()) {
            OptionalLong from = from(mark);
            if (from.isPresent()
                    && Files.exists(FileNames.of(directory, from.getAsLong(), FileNames.LOG))
                    && Files.exists(FileNames.of(directory, from.getAsLong(), FileNames.LOG + FileNames.CLEANED))) {
                // What was cleaned is left over without its mark.
                Files.delete(mark);
                LOG.info("event=swap-taken-back mark={}", mark);
            }
        }
        AtomicFile.forceDirectory(directory);
        finish();
    }

    private static OptionalLong from(Path mark) {
        String name = mark.getFileName().toString();
        int dash = name.indexOf('-');
        return dash > 0 && name.endsWith(FileNames.SWAP)
                ? FileNames.offsetIn(name.substring(0, dash), "")
                : OptionalLong.empty();
    }

    /** Finishes all of them, for a log that reads the cleaned segments. No marks are left; again after a crash is once. */
    public void finish() throws IOException {
        for (Path mark : files()) {
            String name = mark.getFileName().toString();
            if (name.endsWith(FileNames.SWAP)) {
                OptionalLong from = from(mark);
                OptionalLong end = FileNames.offsetIn(name.substring(name.indexOf('-') + 1), FileNames.SWAP);
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
            return listed.sorted().toList();
        }
    }
}
