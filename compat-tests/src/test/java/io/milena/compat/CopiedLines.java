package io.milena.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a sink has written to a file that grows: numbered lines. It may repeat lines after it was killed, and leave half of one behind, but
 * none may be missing before another.
 */
final class CopiedLines {

    private static final Pattern LINE = Pattern.compile("line-(\\d+)");
    private static final int MOST_AT_ONCE = 1 << 20;

    private final Path file;
    private long position;
    private int count;
    private long repeated;

    CopiedLines(Path file) {
        this.file = file;
    }

    /** The text of a line by its number, from 0. */
    static String line(int number) {
        return "line-" + number;
    }

    /** How many lines are there, one after the other from the first. */
    int count() {
        return count;
    }

    /** How many lines came again. */
    long repeated() {
        return repeated;
    }

    /** Reads what has been added and returns the new count. */
    int read() {
        if (!Files.exists(file)) {
            return count;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer added = ByteBuffer.allocate(MOST_AT_ONCE);
            channel.read(added, position);
            String text = new String(added.array(), 0, added.position(), StandardCharsets.US_ASCII);
            int end = text.lastIndexOf('\n') + 1;
            position += end;
            take(text.substring(0, end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    private void take(String text) {
        Matcher lines = LINE.matcher(text);
        while (lines.find()) {
            int number = Integer.parseInt(lines.group(1));
            if (number > count) {
                throw new AssertionError("line " + number + " came before line " + count);
            }
            if (number < count) {
                repeated++;
            } else {
                count++;
            }
        }
    }
}
