package io.milena.compat.harness;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A large text of real files: what this machine's package system and licences say, or a made-up text where there is none. */
public final class SampleText {

    private static final long BYTES_MIN = 50L << 20;
    private static final List<Path> SOURCES =
            List.of(Path.of("/var/lib/dpkg"), Path.of("/usr/share/common-licenses"), Path.of("/usr/share/doc"));

    private SampleText() {}

    /** A file of at least 50 MiB, UTF-8, with lines that end in a line feed and no carriage return. */
    public static synchronized Path file() throws IOException {
        Path file = Folders.target().resolve("sample.txt");
        if (Files.exists(file)) {
            return file;
        }
        Path unfinished = file.resolveSibling("sample.unfinished");
        List<Path> sources = sources();
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 20)) {
            long written = 0;
            for (int round = 0; written < BYTES_MIN; round++) {
                written += write(output, "round " + round + "\n\n");
                for (int i = 0; i < sources.size() && written < BYTES_MIN; i++) {
                    written += write(output, text(sources.get(i)));
                }
                for (int i = 0; i < 20_000 && sources.isEmpty(); i++) {
                    written += write(output, "line " + i + " of round " + round + ": naïve café, 東京, Ελλάδα\n");
                }
            }
        }
        return Files.move(unfinished, file);
    }

    /** The text cut into files of about equal size, at ends of lines. */
    public static List<Path> parts(int count) throws IOException {
        byte[] text = Files.readAllBytes(file());
        Path folder = Folders.fresh("sample");
        List<Path> parts = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= count; i++) {
            int end = (int) ((long) text.length * i / count);
            while (text[end - 1] != '\n') {
                end++;
            }
            Path part = folder.resolve("part-" + i);
            Files.write(part, java.util.Arrays.copyOfRange(text, start, end));
            parts.add(part);
            start = end;
        }
        return parts;
    }

    /** The number of lines of a file. */
    public static int lines(Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        int lines = 0;
        for (byte b : text) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path folder : SOURCES) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(Files::isReadable)
                            .filter(Files::isRegularFile)
                            .sorted()
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static String text(Path source) {
        try {
            byte[] bytes = Files.readAllBytes(source);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\r') >= 0 || text.isEmpty() ? "" : text + (text.endsWith("\n") ? "" : "\n");
        } catch (CharacterCodingException binary) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int write(OutputStream output, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.write(bytes);
        return bytes.length;
    }
}
