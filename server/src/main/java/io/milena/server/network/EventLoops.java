package io.milena.server.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The threads of the network, with the native epoll transport where it can be loaded and NIO elsewhere, and the memory they take buffers
 * from. Each is also the home of strands.
 */
public final class EventLoops implements AutoCloseable {
    private static final long CLOSE_TIMEOUT_MS = 10_000;

    private final boolean epoll;
    private final EventLoopGroup group;

    /** @param threads how many event loops, at least one */
    public EventLoops(int threads) {
        this(threads, Epoll.isAvailable());
    }

    EventLoops(int threads, boolean epoll) {
        this.epoll = epoll;
        IoHandlerFactory transport = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("milena-network", true), transport);
    }

    /** The loop whose turn it is, to be given work or made the home of a strand. */
    public Executor next() {
        return group.next();
    }

    /** One of the loops, for those who watch. */
    public record Watched(String name, IntSupplier pendingTasks, LongSupplier threadId) {}

    /** All loops, to be watched from any thread. */
    public List<Watched> watched() {
        List<Watched> watched = new ArrayList<>();
        for (EventExecutor loop : group) {
            SingleThreadEventExecutor executor = (SingleThreadEventExecutor) loop;
            watched.add(new Watched(
                    Integer.toString(watched.size()),
                    executor::pendingTasks,
                    () -> executor.threadProperties().id()));
        }
        return watched;
    }

    /** Bytes of memory outside the heap that all brokers of this process together hold for buffers. */
    public static long bufferBytes() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    /** Stops the threads after they ran what they have; waits for that a bounded time. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    }

    /** What listeners of all kinds begin with. */
    public ServerBootstrap serverBootstrap() {
        return new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    /** Direct buffers from pools that all brokers of this process share, so that starting and closing brokers costs no memory. */
    static ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }
}
