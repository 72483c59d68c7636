package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.strand.ManualTimers;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {
    private final EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures("PLAINTEXT", new ManualTimers()));

    @Test
    void shouldPauseAndGoOn() {
        listener.freezeTime();
        listener.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
        assertThat(listener.config().isAutoRead()).isFalse();
        assertThat(listener.isOpen()).isTrue();
        listener.checkException();

        listener.advanceTimeBy(AcceptFailures.PAUSE_MS, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();

        assertThat(listener.config().isAutoRead()).isTrue();
    }
}
