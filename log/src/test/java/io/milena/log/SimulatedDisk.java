package io.milena.log;

import io.milena.log.DiskFaults.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails on demand, and that forgets what was not flushed when it loses power. Only what the log needs
 * is there. Any thread.
 */
final class SimulatedDisk extends FileSystemProvider {
    private final CrashingPaths paths = new CrashingPaths(this);
    private final SimulatedFolder root = new SimulatedFolder();
    private final DiskFaults faults = new DiskFaults();
    private final LongSupplier clock;
    private final Random random;
    private int process;
    private boolean shortWrites;
    private boolean flushFailed;

    /** An empty disk. */
    SimulatedDisk(LongSupplier clock, Random random) {
        this.clock = clock;
        this.random = random;
    }

    /** A folder that is there from the start. */
    synchronized Path folder(String name) {
        root.add(name, new SimulatedFolder());
        root.force();
        return paths.over(Path.of("/" + name));
    }

    DiskFaults faults() {
        return faults;
    }

    /** Lets some writes write less than they were asked to. */
    void shortWrites() {
        shortWrites = true;
    }

    /** Another process begins: handles are gone, everything that was written is there. */
    synchronized void restart() {
        process++;
        faults.repair();
    }

    /** Another process begins after the power was gone, too. */
    synchronized void losePower() {
        restart();
        root.losePower(random);
        flushFailed = false;
    }

    /** Whether a flush failed, after which what files say need not be what the disk holds. */
    boolean flushFailed() {
        return flushFailed;
    }

    void flushFailed(boolean failed) {
        flushFailed = failed;
    }

    int process() {
        return process;
    }

    long nowMs() {
        return clock.getAsLong();
    }

    int shortened(int bytes) {
        return shortWrites && bytes > 1 && random.nextInt(4) == 0 ? 1 + random.nextInt(bytes - 1) : bytes;
    }

    boolean forgetsFailedPages() {
        return random.nextBoolean();
    }

    /** How many more bytes there is room for; at least one, unless others were written already. */
    int take(int bytes, int written) throws IOException {
        try {
            return faults.take(bytes);
        } catch (IOException e) {
            if (written > 0) {
                return 0;
            }
            throw e;
        }
    }

    private @Nullable SimulatedNode find(Path path) {
        SimulatedNode found = root;
        for (Path name : CrashingPaths.real(path)) {
            found = found instanceof SimulatedFolder folder ? folder.get(name.toString()) : null;
        }
        return found;
    }

    private SimulatedNode require(Path path) throws NoSuchFileException {
        SimulatedNode found = find(path);
        if (found == null) {
            throw new NoSuchFileException(path.toString());
        }
        return found;
    }

    private SimulatedFolder folderOf(Path path) throws NoSuchFileException {
        return (SimulatedFolder) require(CrashingPaths.real(path).getParent());
    }

    private static String name(Path path) {
        return CrashingPaths.real(path).getFileName().toString();
    }

    @Override
    public synchronized FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        faults.check(Operation.OPEN);
        SimulatedNode found = find(path);
        boolean createNew = options.contains(StandardOpenOption.CREATE_NEW);
        if (found != null && createNew) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (found == null && (createNew || options.contains(StandardOpenOption.CREATE))) {
            faults.check(Operation.CREATE);
            SimulatedFile created = new SimulatedFile();
            created.modifiedMs = nowMs();
            folderOf(path).add(name(path), created);
            found = created;
        }
        SimulatedChannel channel = new SimulatedChannel(this, found == null ? require(path) : found, process);
        if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && channel.size() > 0) {
            channel.truncate(0);
        }
        return channel;
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public synchronized void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        if (find(path) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        faults.check(Operation.CREATE);
        folderOf(path).add(name(path), new SimulatedFolder());
    }

    @Override
    public synchronized void move(Path source, Path target, CopyOption... options) throws IOException {
        require(source);
        faults.check(Operation.RENAME);
        SimulatedNode replaced = find(target);
        folderOf(source).rename(name(source), name(target));
        giveBack(replaced);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        SimulatedNode found = require(path);
        faults.check(Operation.DELETE);
        folderOf(path).remove(name(path));
        giveBack(found);
    }

    private void giveBack(@Nullable SimulatedNode gone) {
        if (gone instanceof SimulatedFile file) {
            faults.giveBack(file.size());
        }
    }

    @Override
    public synchronized DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        faults.check(Operation.READ);
        List<Path> listed = ((SimulatedFolder) require(path))
                .names().stream().map(path::resolve).toList();
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return listed.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void checkAccess(Path path, AccessMode... modes) throws IOException {
        require(path);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(attributes(path));
    }

    private synchronized BasicFileAttributes attributes(Path path) throws IOException {
        faults.check(Operation.READ);
        return new Attributes(require(path));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return type.cast(new BasicFileAttributeView() {
            @Override
            public String name() {
                return "basic";
            }

            @Override
            public BasicFileAttributes readAttributes() throws IOException {
                return attributes(path);
            }

            @Override
            public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
                synchronized (SimulatedDisk.this) {
                    faults.check(Operation.WRITE);
                    ((SimulatedFile) require(path)).modifiedMs = modified.toMillis();
                }
            }
        });
    }

    private record Attributes(SimulatedNode node) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(node instanceof SimulatedFile file ? file.modifiedMs : 0);
        }

        @Override
        public FileTime lastAccessTime() {
            return lastModifiedTime();
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime();
        }

        @Override
        public boolean isRegularFile() {
            return node instanceof SimulatedFile;
        }

        @Override
        public boolean isDirectory() {
            return node instanceof SimulatedFolder;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return node instanceof SimulatedFile file ? file.size() : 0;
        }

        @Override
        public Object fileKey() {
            return node;
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
