package io.milena.log;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of a copy of a partition that is not complete yet, named {@code topic-3.<32 hex digits>-future}.
 *
 * @param path where it lies
 * @param partition name of the folder that it is to become, such as {@code topic-3}
 */
public record FutureFolder(Path path, String partition) {
    static final String SUFFIX = "-future";
    private static final int MARK_LENGTH = 1 + 32 + SUFFIX.length();
    private static final int MAX_NAME_LENGTH = 255;

    /** Whether a copy of a partition can have a name: there are longer ones of partitions than the system leaves room for. */
    public static boolean canBeNamed(String partition) {
        return partition.length() + MARK_LENGTH <= MAX_NAME_LENGTH;
    }

    /** The folder at a path, if it is named as one of a copy. */
    static Optional<FutureFolder> at(Path path) {
        String name = path.getFileName().toString();
        int dot = name.length() - MARK_LENGTH;
        boolean future = name.endsWith(SUFFIX)
                && dot > 0
                && name.charAt(dot) == '.'
                && PartitionFolder.dashIn(name.substring(0, dot)) > 0;
        return future ? Optional.of(new FutureFolder(path, name.substring(0, dot))) : Optional.empty();
    }

    /** Removes it with all that is in it, as far as the disk allows. Blocks on the disk. */
    public void remove() {
        DeletedFolder.remove(path);
    }
}
