package io.milena.compat.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A small disk of its own, mounted on a folder, that can be filled up, break, and be taken away. Needs the rights to mount. */
public final class SmallDisk implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 30;
    private static final int PIECE_BYTES = 4096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** A disk in memory. */
    public static SmallDisk inMemory(Path folder, int megabytes) {
        return mount(folder, "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs");
    }

    /** A disk with a file system of the common kind, in a file beside the folder. */
    public static SmallDisk inFile(Path folder, int megabytes) {
        Path image = folder.resolveSibling(folder.getFileName() + ".image");
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", image.toString());
        return mount(folder, "-o", "loop", image.toString());
    }

    private static SmallDisk mount(Path folder, String... what) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String[] command = new String[what.length + 2];
        command[0] = "mount";
        System.arraycopy(what, 0, command, 1, what.length);
        command[command.length - 1] = folder.toString();
        run(command);
        return new SmallDisk(folder);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Leaves no room on it; again, if others gave some back meanwhile. */
    public void fill() {
        try (OutputStream filler =
                Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] piece = new byte[PIECE_BYTES];
            while (true) {
                filler.write(piece);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(full);
            }
        }
    }

    /** Gives the room back that {@link #fill} took. */
    public void free() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes its file system notice an error: from now on it can only be read. Not for a disk in memory. */
    public void breakDown() {
        run("mount", "-o", "remount,abort", folder.toString());
    }

    /** Checks and mounts it again after it broke down; nobody may use it meanwhile. Not for a disk in memory. */
    public void repair() {
        Path image = folder.resolveSibling(folder.getFileName() + ".image");
        run("umount", folder.toString());
        run("bash", "-c", "e2fsck -fy " + image + "; [ $? -le 1 ]");
        mount(folder, "-o", "loop", image.toString());
    }

    /** Takes it away, as if it had been pulled out; the folder it was mounted on is empty then. */
    public void detach() {
        run("umount", "-l", folder.toString());
    }

    @Override
    public void close() {
        try {
            if (Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .anyMatch(line -> line.contains(" " + folder + " "))) {
                detach();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Runs a command to its end, which must be a good one. */
    public static void run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.PIPE)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
