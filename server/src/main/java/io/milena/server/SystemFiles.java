package io.milena.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the system tells in files such as those below /proc. May be used from any thread that may wait. */
final class SystemFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SystemFiles.class);

    private SystemFiles() {}

    /** The first number behind a name at the beginning of a line of the file. */
    static long number(Path file, String name, long otherwise) {
        return number(lines(file), name, otherwise);
    }

    /** The first number behind a name at the beginning of a line; "unlimited" is the largest int. */
    static long number(List<String> lines, String name, long otherwise) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String[] words = line.substring(name.length()).strip().split("\\s+", -1);
                if (words[0].equals("unlimited")) {
                    return Integer.MAX_VALUE;
                }
                return words[0].matches("[0-9]{1,18}") ? Long.parseLong(words[0]) : otherwise;
            }
        }
        return otherwise;
    }

    /** None if there is no such file here. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            LOG.debug("not known on this system: file={} reason={}", file, e.getMessage());
            return List.of();
        }
    }
}
