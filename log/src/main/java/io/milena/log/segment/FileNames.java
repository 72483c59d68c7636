package io.milena.log.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of the files in a partition's folder: a base offset in twenty digits and what the file is. */
public final class FileNames {
    /** Record batches. */
    public static final String LOG = ".log";
    /** Sparse map from offset to position. */
    public static final String OFFSET_INDEX = ".index";
    /** Sparse map from timestamp to offset. */
    public static final String TIME_INDEX = ".timeindex";
    /** Aborted transactions; only there if there are any. */
    public static final String ABORTED = ".txnindex";
    /** Producers' state before the offset in the name. */
    public static final String SNAPSHOT = ".snapshot";
    /** Appended to the name of a file that is to be deleted. */
    public static final String DELETED = ".deleted";
    /** Appended to the names of the files of a segment that compaction is making. */
    public static final String CLEANED = ".cleaned";
    /** End of the name of a file that marks a range of offsets whose segments are being replaced by cleaned ones. */
    public static final String SWAP = ".swap";
    /** Appended to the name of a file that is being written, and worth nothing before it is renamed. */
    public static final String TEMPORARY = ".tmp";

    /** The files of one segment but for the data. */
    public static final List<String> INDEX_KINDS = List.of(OFFSET_INDEX, TIME_INDEX, ABORTED);
    /** The files of one segment; the data last, so that no index outlives it. */
    public static final List<String> SEGMENT_KINDS = List.of(OFFSET_INDEX, TIME_INDEX, ABORTED, LOG);

    private static final Logger LOGGER = LoggerFactory.getLogger(FileNames.class);
    private static final int DIGITS = 20;

    private FileNames() {}

    /** The file of a kind for an offset. */
    public static Path of(Path directory, long offset, String kind) {
        return directory.resolve(digits(offset) + kind);
    }

    private static String digits(long offset) {
        String digits = Long.toString(offset);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The file that marks that the segments of a range of offsets are being replaced. */
    public static Path swapMark(Path directory, long fromOffset, long endOffset) {
        return of(directory, fromOffset, "-" + digits(endOffset) + SWAP);
    }

    /** The offset in the name of a file, if it is one of that kind. */
    public static OptionalLong offsetIn(String fileName, String kind) {
        if (fileName.length() != DIGITS + kind.length() || !fileName.endsWith(kind)) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < DIGITS; i++) {
            if (fileName.charAt(i) < '0' || fileName.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(fileName.substring(0, DIGITS)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Renames a file, over another one if there is one. Whether there was anything to rename. */
    public static boolean renameIfPresent(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    static long sizeIfPresent(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Removes all segments from a folder, the last ones first: also those that a failed deletion left there. */
    public static void removeSegments(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(FileNames::isOfSegment)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isOfSegment(Path file) {
        String name = file.getFileName().toString();
        return SEGMENT_KINDS.stream().anyMatch(kind -> offsetIn(name, kind).isPresent());
    }

    static void deleteQuietly(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOGGER.warn("event=delete-failed file={} cause={}", file, e.toString());
            }
        }
    }
}
