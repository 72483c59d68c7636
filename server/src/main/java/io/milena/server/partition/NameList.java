package io.milena.server.partition;

import java.util.Collection;
import java.util.List;

/** Names for a line of the log, which must not grow with the number of partitions. */
final class NameList {
    private static final int MOST = 10;

    private NameList() {}

    /** A few of them, in order. */
    static List<String> some(Collection<?> names) {
        return names.stream().map(Object::toString).sorted().limit(MOST).toList();
    }
}
