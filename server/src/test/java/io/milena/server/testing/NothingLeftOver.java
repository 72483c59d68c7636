package io.milena.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a buffer of Netty's or a thread behind: {@code @ExtendWith(NothingLeftOver.class)}. Looks after the test's own
 * {@code @AfterEach} methods; what a class keeps for all its tests must not hold buffers between them.
 */
public final class NothingLeftOver implements BeforeEachCallback, AfterEachCallback {
    private static final long GRACE_MS = 5_000;
    private static final long PAUSE_MS = 5;
    private static final String BEFORE = "threads before";

    @Override
    public void beforeEach(ExtensionContext context) {
        store(context).put(BEFORE, threads());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LeakPresenceDetector.check();
        @SuppressWarnings("unchecked")
        Set<Thread> before = (Set<Thread>) store(context).remove(BEFORE, Set.class);
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MS);
        while (!leftOver(before).isEmpty() && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(PAUSE_MS)); // a thread that was told to end needs a moment
        }
        assertThat(leftOver(before)).as("threads left over").isEmpty();
    }

    private static Set<Thread> leftOver(Set<Thread> before) {
        Set<Thread> after = threads();
        after.removeAll(before);
        return after;
    }

    /**
     * Our own threads and whatever keeps the process alive. Libraries may keep daemons of theirs, and Netty one thread that tells
     * about the end of others and ends itself after a second.
     */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> thread.isDaemon() && !thread.getName().startsWith("milena-")
                || thread.getName().startsWith("globalEventExecutor"));
        return threads;
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(
                ExtensionContext.Namespace.create(NothingLeftOver.class, context.getRequiredTestMethod()));
    }
}
