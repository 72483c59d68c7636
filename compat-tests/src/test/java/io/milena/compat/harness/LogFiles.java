package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** The files of brokers that are stopped, as Kafka's own tool reads them and as other brokers may get them. */
public final class LogFiles {

    private static final String ID = "partition.metadata";
    private static final Pattern COMPLAINT = Pattern.compile(
            "(?i)isvalid: false|mismatch|exception|out of order|corrupt|should have|found at the end|error");
    private static final String HOLES = "Non-consecutive offsets in ";
    /** A hole; the first line for a later segment begins with -1 and is none. */
    private static final Pattern HOLE = Pattern.compile("^\\s*\\d+ is followed by");

    private LogFiles() {}

    /**
     * Asserts that {@code kafka-dump-log} reads all files of all partitions without a complaint.
     *
     * @param compacted the topics in which offsets may be missing
     */
    public static void assertReadable(Path dataFolder, List<String> compacted) {
        String records = dump(files(dataFolder, ".log"), "--deep-iteration", "--print-data-log");
        assertThat(complaints(records)).isEmpty();
        assertThat(withHoles(records)).allMatch(log -> isOneOf(Path.of(log), compacted));
        List<Path> indexes = files(dataFolder, ".index", ".timeindex");
        assertThat(complaints(dump(indexes, "--index-sanity-check"))).isEmpty();
        assertThat(complaints(dump(indexes, "--verify-index-only"))).isEmpty();
        List<Path> others = files(dataFolder, ".index", ".timeindex", ".snapshot", ".txnindex");
        assertThat(complaints(dump(others))).isEmpty();
    }

    /** The data files in which offsets are missing. */
    private static Set<String> withHoles(String output) {
        Set<String> files = new TreeSet<>();
        String file = "";
        for (String line : output.lines().toList()) {
            if (line.startsWith(HOLES)) {
                file = line.substring(HOLES.length());
            } else if (HOLE.matcher(line).find()) {
                files.add(file);
            }
        }
        return files;
    }

    private static boolean isOneOf(Path log, List<String> topics) {
        String folder = log.getParent().getFileName().toString();
        return topics.stream().anyMatch(topic -> folder.matches(Pattern.quote(topic) + "-\\d+"));
    }

    private static List<String> complaints(String output) {
        return output.lines().filter(line -> COMPLAINT.matcher(line).find()).toList();
    }

    /** What the tool prints about some files. */
    public static String dump(List<Path> files, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add("--files");
        arguments.add(files.stream().map(Path::toString).collect(Collectors.joining(",")));
        CommandResult result =
                StockTool.of("DumpLogSegments").run(null, arguments).succeeded();
        return result.stdout() + result.stderr();
    }

    /** All files of all partitions, but for the metadata log, with one of these endings. */
    public static List<Path> files(Path dataFolder, String... endings) {
        try (Stream<Path> all = Files.walk(dataFolder)) {
            return all.filter(file -> Stream.of(endings)
                            .anyMatch(ending -> file.getFileName().toString().endsWith(ending)))
                    .filter(file -> !file.getParent().getFileName().toString().startsWith("__cluster_metadata"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The offsets in the names of a partition's data files, in ascending order. */
    public static List<Long> baseOffsets(Path dataFolder, TopicPartition partition) {
        try {
            return list(dataFolder.resolve(partition.toString())).stream()
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> Long.valueOf(name.replace(".log", "")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of one of the checkpoints of a data folder, none if it is not there. */
    public static List<String> noted(Path dataFolder, String checkpoint) {
        try {
            return Files.readAllLines(dataFolder.resolve(checkpoint));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a broker the files that another one has of a partition; both have the topic, each under its own id, and are stopped. */
    public static void handOver(BrokerProcess from, BrokerProcess to, TopicPartition partition) {
        Path source = from.dataFolder().resolve(partition.toString());
        Path target = to.dataFolder().resolve(partition.toString());
        try {
            for (Path file : list(target)) {
                if (!file.endsWith(ID)) {
                    Files.delete(file);
                }
            }
            for (Path file : list(source)) {
                if (!file.endsWith(ID)) {
                    Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the notes away by which a stopped broker knows that its files are sound. */
    public static void forgetCleanStop(BrokerProcess broker) {
        try {
            assertThat(Files.deleteIfExists(broker.dataFolder().resolve(".kafka_cleanshutdown")))
                    .as("stopped cleanly")
                    .isTrue();
            Files.deleteIfExists(broker.dataFolder().resolve("recovery-point-offset-checkpoint"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
