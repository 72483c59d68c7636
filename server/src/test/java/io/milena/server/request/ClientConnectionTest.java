package io.milena.server.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    private final ClientConnection connection = TestRequests.connection(Runnable::run);

    @Test
    void shouldKeepOneAttachmentOfEachTypeAndCloseItAtTheEnd() {
        Session session = connection.attachment(Session.class, Session::new);

        assertThat(connection.attachment(Session.class, Session::new)).isSameAs(session);
        connection.disconnected();
        assertThat(session.closed).isTrue();
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(() -> connection.attachment(Session.class, Session::new))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRememberWhatTheClientSaysItIs() {
        assertThat(connection.softwareName()).isEqualTo("unknown");
        connection.software("librdkafka", "2.12.0");
        assertThat(connection.softwareName()).isEqualTo("librdkafka");
        assertThat(connection.softwareVersion()).isEqualTo("2.12.0");
    }

    @Test
    void shouldShowTheAddress() {
        assertThat(connection).hasToString("127.0.0.1:50000");
    }

    private static final class Session implements AutoCloseable {
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
