package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one partition, named {@code topic-3}. The file {@code partition.metadata} in it tells which topic of that
 * name is meant.
 *
 * @param path where it lies
 * @param topic the topic's name
 * @param partition number of the partition
 * @param topicId the topic's id, if the file is there and sound
 * @param moves how often the partition was moved between data folders; of two folders the one with more of them holds it
 */
public record PartitionFolder(Path path, String topic, int partition, Optional<UUID> topicId, int moves) {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionFolder.class);
    private static final String METADATA = "partition.metadata";
    private static final String TOPIC_ID = "topic_id: ";
    private static final String MOVES = "moves: ";
    private static final String CHECKSUM = "crc32c: ";

    /** Place of the dash between topic and partition number, or -1. */
    static int dashIn(String name) {
        int dash = name.lastIndexOf('-');
        boolean number = dash > 0
                && dash + 1 < name.length()
                && name.length() - dash <= 10
                && name.chars().skip(dash + 1L).allMatch(c -> c >= '0' && c <= '9');
        return number ? dash : -1;
    }

    /** The folder at a path, if it is named as one of a partition. */
    static Optional<PartitionFolder> at(Path path) {
        String name = path.getFileName().toString();
        int dash = dashIn(name);
        if (dash < 0) {
            return Optional.empty();
        }
        List<String> lines = readMetadata(path);
        if (lines.isEmpty() && !Files.isDirectory(path)) {
            return Optional.empty();
        }
        int partition = Integer.parseInt(name.substring(dash + 1));
        int moves = valueOf(MOVES, lines).map(Integer::parseInt).orElse(0);
        return Optional.of(new PartitionFolder(path, name.substring(0, dash), partition, topicIdIn(lines), moves));
    }

    private static Optional<UUID> topicIdIn(List<String> lines) {
        return valueOf(TOPIC_ID, lines).flatMap(UuidText::parse);
    }

    private static Optional<String> valueOf(String key, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst();
    }

    /** A folder whose note cannot be read is one of unknown id: its partition will meet the reason, and no other one. */
    private static List<String> readMetadata(Path folder) {
        try {
            String text = Files.readString(folder.resolve(METADATA));
            int checksum = text.indexOf(CHECKSUM);
            if (checksum >= 0
                    && !text.strip()
                            .equals(withChecksum(text.substring(0, checksum)).strip())) {
                LOG.warn(
                        "event=damage-found kind=CHECKPOINT file={} done=\"id counts as unknown\"",
                        folder.resolve(METADATA));
                return List.of();
            }
            // Of a number without a checksum nothing is known.
            return text.lines()
                    .filter(line -> checksum >= 0 || !line.startsWith(MOVES))
                    .toList();
        } catch (IOException e) {
            LOG.debug("event=no-partition-metadata folder={} cause=\"{}\"", folder, e.toString());
            return List.of();
        }
    }

    /** With a line more, which Kafka does not read: a wrong id would make the folder that of a deleted topic. */
    private static String withChecksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return text + CHECKSUM + Long.toHexString(crc.getValue()) + "\n";
    }

    /** Creates the folder and writes down whose it is. */
    static PartitionFolder create(Path directory, String topic, int partition, UUID topicId) throws IOException {
        Path path = Files.createDirectories(directory.resolve(topic + "-" + partition));
        // Neither forced nor replaced whole: a folder without a sound file is taken for one of unknown id, which its
        // owner can put right.
        Files.writeString(path.resolve(METADATA), metadata(topicId, 0));
        return new PartitionFolder(path, topic, partition, Optional.of(topicId), 0);
    }

    /** Writes down durably in a folder of any name whose it will be. */
    static void describe(Path folder, UUID topicId, int moves) throws IOException {
        AtomicFile.write(folder.resolve(METADATA), metadata(topicId, moves));
    }

    /** Takes it off the disk, with a name at once under which nobody looks for a partition. Blocks on the disk. */
    public void delete() {
        try {
            DeletedFolder.remove(DeletedFolder.rename(path));
        } catch (IOException e) {
            throw new LogException(LogError.STORAGE_ERROR, "Cannot delete " + path, e);
        }
    }

    private static String metadata(UUID topicId, int moves) {
        String text = "version: 0\n" + TOPIC_ID + UuidText.format(topicId) + "\n";
        return withChecksum(moves == 0 ? text : text + MOVES + moves + "\n");
    }
}
