package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a running Java process takes of the machine.
 *
 * @param heapBytes of live objects, after a collection
 * @param residentBytes of memory in all
 * @param openFiles descriptors of any kind
 */
public record Footprint(long heapBytes, long residentBytes, long openFiles) {
    private static final long CLOCK_TICK_MS = 10;

    /** Measures a process of this user; its garbage is collected for that. */
    public static Footprint of(long pid) {
        return new Footprint(liveBytes(pid), residentBytes(pid), openFiles(pid));
    }

    /** Processor time a process has used so far, user and system together. */
    public static long processorMs(long pid) {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * CLOCK_TICK_MS;
    }

    /** Size of all files in those folders of a folder whose names begin so. */
    public static long fileBytes(Path folder, String prefix) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> file.getParent().getFileName().toString().startsWith(prefix))
                    .filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long liveBytes(long pid) {
        CommandResult histogram = CommandResult.of("jcmd", JavaCommand.jcmd(pid, "GC.class_histogram"), null)
                .succeeded();
        String total = histogram
                .stdout()
                .lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(histogram.stdout()));
        return Long.parseLong(total.trim().split(" +", -1)[2]);
    }

    private static long residentBytes(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static long openFiles(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return descriptors.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
