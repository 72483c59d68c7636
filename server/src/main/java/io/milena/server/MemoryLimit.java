package io.milena.server;

import java.nio.file.Path;

/**
 * How much memory a container or a service may use, the page cache of its files included: the least of what its control group and those
 * above it allow. Both versions of control groups are known. Inside a container its own group is the only one to be seen, at the root.
 */
final class MemoryLimit {
    /** Nobody limits this process but the machine. */
    static final long NONE = Long.MAX_VALUE;

    private static final Path NAMES = Path.of("proc/self/cgroup");
    private static final Path GROUPS = Path.of("sys/fs/cgroup");
    private static final int FIELDS = 3;

    private final Path root;

    /** @param root of the file system */
    MemoryLimit(Path root) {
        this.root = root;
    }

    /** In bytes; {@link #NONE} if there is no limit, or no control groups. */
    long bytes() {
        long bytes = NONE;
        for (String line : SystemFiles.lines(root.resolve(NAMES))) {
            String[] fields = line.split(":", FIELDS); // hierarchy : controllers : path
            if (fields.length < FIELDS) {
                continue;
            }
            if (fields[1].isEmpty()) {
                bytes = Math.min(bytes, least(GROUPS, fields[2], "memory.max"));
            } else if (fields[1].equals("memory")) {
                bytes = Math.min(bytes, least(GROUPS.resolve("memory"), fields[2], "memory.limit_in_bytes"));
            }
        }
        return bytes;
    }

    private long least(Path groups, String name, String file) {
        Path top = root.resolve(groups);
        long bytes = NONE;
        for (Path group = top.resolve(relative(name));
                group != null && group.startsWith(top);
                group = group.getParent()) {
            bytes = Math.min(bytes, SystemFiles.number(group.resolve(file), "", NONE));
        }
        return bytes;
    }

    /** A group outside of what the container sees has a name that leads out of it. */
    private static String relative(String name) {
        return name.contains("..") ? "" : name.replaceFirst("^/+", "");
    }
}
