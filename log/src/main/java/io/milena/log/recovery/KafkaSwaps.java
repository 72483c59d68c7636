package io.milena.log.recovery;

import io.milena.log.segment.BatchScanner;
import io.milena.log.segment.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The swaps of cleaned segments that Kafka was in the middle of when it crashed. Its data file {@code 000.log.swap} replaces all
 * segments that begin in its range of offsets, unless a cleaned file at or below it tells that others of its group were not
 * whole yet. While the first of those segments, which Kafka removes first, is there, so are all: then the file is not needed,
 * whatever became of it, nor are those above it. Its indexes are not taken over. For the owner of the log.
 */
final class KafkaSwaps {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSwaps.class);
    private static final int BUFFER_BYTES = 64 << 10;

    private final FolderContent folder;

    KafkaSwaps(FolderContent folder) {
        this.folder = folder;
    }

    /** Leaves no data file of that name. Doing it again after a crash is doing it once. */
    void finish() throws IOException {
        long firstUnfinished = Long.MAX_VALUE;
        for (long offset : folder.offsets(FileNames.LOG + FileNames.CLEANED)) {
            firstUnfinished = Math.min(firstUnfinished, offset);
        }
        for (long offset : folder.offsets(FileNames.LOG + FileNames.SWAP)) {
            Path swap = FileNames.of(folder.directory(), offset, FileNames.LOG + FileNames.SWAP);
            if (folder.has(offset, FileNames.LOG)) {
                firstUnfinished = Math.min(firstUnfinished, offset);
            }
            if (offset < firstUnfinished) {
                removeSegments(offset, endOf(swap, offset));
                AtomicFile.forceDirectory(folder.directory());
                FileNames.renameIfPresent(swap, FileNames.of(folder.directory(), offset, FileNames.LOG));
                LOG.info("event=swap-of-kafka-finished file={}", swap);
            } else {
                LOG.info("event=swap-of-kafka-taken-back file={}", swap);
                Files.delete(swap);
            }
        }
    }

    private void removeSegments(long from, long end) throws IOException {
        for (String kind : FileNames.SEGMENT_KINDS) {
            for (long offset : folder.offsets(kind).subSet(from, Math.max(from + 1, end))) {
                Files.deleteIfExists(FileNames.of(folder.directory(), offset, kind));
            }
        }
    }

    private static long endOf(Path swap, long baseOffset) throws IOException {
        long end = baseOffset;
        try (FileChannel channel = FileChannel.open(swap, StandardOpenOption.READ)) {
            BatchScanner scanner = new BatchScanner(channel, 0, channel.size(), ByteBuffer.allocate(BUFFER_BYTES));
            while (scanner.next()) {
                end = scanner.batch().nextOffset();
            }
        }
        return end;
    }
}
