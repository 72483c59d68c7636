package io.milena.log;

import io.milena.log.DiskFaults.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** An open file or folder of a {@link SimulatedDisk}. Useless after the process that opened it is gone. */
final class SimulatedChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final SimulatedNode node;
    private final int process;
    private long position;

    SimulatedChannel(SimulatedDisk disk, SimulatedNode node, int process) {
        this.disk = disk;
        this.node = node;
        this.process = process;
    }

    private SimulatedFile file(Operation operation) throws IOException {
        check(operation);
        return (SimulatedFile) node;
    }

    private void check(@Nullable Operation operation) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (process != disk.process()) {
            throw new IOException("Of a process that is gone");
        }
        if (operation != null) {
            disk.faults().check(operation);
        }
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        synchronized (disk) {
            return file(Operation.READ).read(target, at);
        }
    }

    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
        synchronized (disk) {
            SimulatedFile file = file(Operation.WRITE);
            int wanted = disk.shortened(bytes.remaining());
            int inside = (int) Math.max(0, Math.min(wanted, file.size() - at));
            int count = inside == wanted ? wanted : inside + disk.take(wanted - inside, inside);
            file.write(bytes, (int) at, count);
            file.modifiedMs = disk.nowMs();
            return count;
        }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        synchronized (disk) {
            SimulatedFile file = file(Operation.CUT);
            disk.faults().giveBack(Math.max(0, file.size() - size));
            file.cut((int) size);
            return this;
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        synchronized (disk) {
            try {
                check(Operation.FORCE);
            } catch (IOException e) {
                if (node instanceof SimulatedFile file
                        && process == disk.process()
                        && !disk.faults().isDead()) {
                    disk.flushFailed(true);
                    file.failForce(disk.forgetsFailedPages());
                }
                throw e;
            }
            if (node instanceof SimulatedFile file) {
                file.force();
            } else {
                ((SimulatedFolder) node).force();
            }
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = write(bytes, position);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            check(null);
            return ((SimulatedFile) node).size();
        }
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, 64 * 1024));
        read(bytes, from);
        return target.write(bytes.flip());
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        return new FileLock(this, from, size, shared) {
            @Override
            public boolean isValid() {
                return isOpen();
            }

            @Override
            public void release() {}
        };
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
