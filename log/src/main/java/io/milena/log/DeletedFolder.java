package io.milena.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition's folder on its way out: renamed to {@code topic-3.<32 hex digits>-delete}, then removed. */
final class DeletedFolder {
    static final String SUFFIX = "-delete";

    private static final Logger LOG = LoggerFactory.getLogger(DeletedFolder.class);
    private static final int MAX_NAME_LENGTH = 255;

    private DeletedFolder() {}

    /** Gives the folder a name under which no log is looked for, so that one of the old name may begin at once. */
    static Path rename(Path folder) throws IOException {
        String mark = mark(SUFFIX);
        String name = folder.getFileName().toString();
        String kept = name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH - mark.length()));
        return Files.move(folder, folder.resolveSibling(kept + mark), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What follows the name of a partition in that of a folder for which it does not stand yet or any more. */
    static String mark(String suffix) {
        return "." + UUID.randomUUID().toString().replace("-", "") + suffix;
    }

    static void remove(Path folder) {
        try {
            List<Path> files;
            try (Stream<Path> listed = Files.list(folder)) {
                files = listed.toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException e) {
            LOG.debug("event=deleted-already folder={}", folder);
        } catch (IOException e) {
            LOG.warn("event=delete-failed folder={} cause=\"{}\"", folder, e.toString());
        }
    }
}
