package io.milena.log;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/**
 * The files of the default file system, until the names in them were changed a number of times: from then on every change
 * fails, as if the process had died, and what is there is what a restart would find. Only what {@link java.nio.file.Files}
 * needs for the log is there.
 */
final class CrashingFiles extends FileSystemProvider {
    private final CrashingPaths paths = new CrashingPaths(this);
    private int changesLeft = Integer.MAX_VALUE;
    private boolean crashed;

    /** The same path, over which changes are counted. */
    Path over(Path path) {
        return paths.over(path);
    }

    /** Lets only some more changes happen. */
    void crashAfter(int changes) {
        changesLeft = changes;
    }

    boolean crashed() {
        return crashed;
    }

    private void change() throws IOException {
        crashed |= changesLeft <= 0;
        if (crashed) {
            throw new IOException("Crashed");
        }
        changesLeft--;
    }

    private static Path real(Path path) {
        return CrashingPaths.real(path);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        change();
        real(source).getFileSystem().provider().move(real(source), real(target), options);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (java.nio.file.Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
            change();
        }
        java.nio.file.Files.delete(real(path));
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        changeIfCreated(path, options);
        return FileChannel.open(real(path), options, attributes);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        changeIfCreated(path, options);
        return java.nio.file.Files.newByteChannel(real(path), options, attributes);
    }

    private void changeIfCreated(Path path, Set<? extends OpenOption> options) throws IOException {
        boolean creates =
                options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        if ((creates && !java.nio.file.Files.exists(real(path)))
                || options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            change();
        }
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        change();
        java.nio.file.Files.createDirectory(real(directory), attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> listed = java.nio.file.Files.newDirectoryStream(real(directory));
        return new DirectoryStream<>() {
            @Override
            public java.util.Iterator<Path> iterator() {
                java.util.Iterator<Path> all = listed.iterator();
                return new java.util.Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Path next() {
                        return over(all.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                listed.close();
            }
        };
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real(path).getFileSystem().provider().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return java.nio.file.Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return java.nio.file.Files.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return java.nio.file.Files.readAttributes(real(path), attributes, options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return java.nio.file.Files.isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public String getScheme() {
        return "crashing";
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
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
