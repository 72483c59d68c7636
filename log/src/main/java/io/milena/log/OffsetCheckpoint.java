package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text file with one offset for each of a folder's partitions, as Kafka keeps them.
 *
 * <pre>
 *   0                version
 *   1                number of entries
 *   orders 3 1250    topic, partition, offset
 *   ~crc32c 0 1193   not a topic: checksum of the lines before it
 * </pre>
 *
 * The last entry is ours. Kafka takes it for a partition that does not exist, and leaves it out when it writes the file; a
 * file without it is believed. A wrong digit would else hide the records of a partition, or what a start has to check. Here the two parts of the name are kept together, as in the name of the partition's folder. Guarded by its user.
 */
final class OffsetCheckpoint {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoint.class);
    private static final String VERSION = "0";
    private static final String CHECKSUM = "~crc32c";

    private final Path file;
    private final Map<String, Long> offsets = new TreeMap<>();

    OffsetCheckpoint(Path file, Damage.Listener damage) throws IOException {
        this.file = file;
        try {
            read(Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            LOG.debug("event=no-checkpoint file={}", file);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            damage.found(Damage.of(Damage.Kind.CHECKPOINT, file, "all of it counts as unknown: " + e.getMessage()));
            offsets.clear();
        }
    }

    private void read(List<String> lines) {
        if (lines.size() < 2 || !lines.get(0).equals(VERSION) || Integer.parseInt(lines.get(1)) != lines.size() - 2) {
            throw new IllegalArgumentException("unknown version or count");
        }
        StringBuilder before = new StringBuilder();
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("line '" + line + "'");
            }
            if (parts[0].equals(CHECKSUM)) {
                if (Long.parseLong(parts[2]) != checksum(before)) {
                    throw new IllegalArgumentException("the checksum does not match");
                }
                continue;
            }
            before.append(line).append('\n');
            offsets.put(parts[0] + "-" + Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }
    }

    private static long checksum(CharSequence lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** The offset of the partition in a folder of that name, or 0. */
    long offset(String folderName) {
        return offsets.getOrDefault(folderName, 0L);
    }

    Map<String, Long> offsets() {
        return Map.copyOf(offsets);
    }

    /** Replaces all entries, durably. Keys without a partition number are left out. */
    void write(Map<String, Long> replacement) throws IOException {
        Map<String, Long> changed = new TreeMap<>(replacement);
        changed.keySet().removeIf(name -> PartitionFolder.dashIn(name) < 0);
        writeThenKeep(changed);
    }

    /** Replaces one entry, durably. */
    void put(String folderName, long offset) throws IOException {
        if (PartitionFolder.dashIn(folderName) >= 0) {
            Map<String, Long> changed = new TreeMap<>(offsets);
            changed.put(folderName, offset);
            writeThenKeep(changed);
        }
    }

    /** Removes one entry, durably. */
    void remove(String folderName) throws IOException {
        if (offsets.containsKey(folderName)) {
            Map<String, Long> changed = new TreeMap<>(offsets);
            changed.remove(folderName);
            writeThenKeep(changed);
        }
    }

    /** What could not be written is not believed either, so that the next attempt writes it. */
    private void writeThenKeep(Map<String, Long> changed) throws IOException {
        StringBuilder lines = new StringBuilder();
        changed.forEach((name, offset) -> {
            int dash = PartitionFolder.dashIn(name);
            lines.append(name, 0, dash).append(' ').append(name, dash + 1, name.length());
            lines.append(' ').append(offset.longValue()).append('\n');
        });
        long checksum = checksum(lines);
        lines.append(CHECKSUM).append(" 0 ").append(checksum).append('\n');
        AtomicFile.write(file, VERSION + '\n' + (changed.size() + 1) + '\n' + lines);
        offsets.clear();
        offsets.putAll(changed);
    }
}
