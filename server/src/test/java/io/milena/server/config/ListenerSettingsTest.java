package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenerSettingsTest {

    @Test
    void shouldSetControllerListenersApart() {
        ListenerSettings listeners = listeners(
                Map.of("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093", "controller.listener.names", "CONTROLLER"));
        assertThat(listeners.clientListeners()).containsExactly(new ListenerAddress("PLAINTEXT", "", 9092));
        assertThat(listeners.controllerListeners()).containsExactly(new ListenerAddress("CONTROLLER", "", 9093));
    }

    @Test
    void shouldReadSeveralNamedListeners() {
        ListenerSettings listeners = listeners(Map.of(
                "listeners", "inside://127.0.0.1:0,OUTSIDE://[::1]:0",
                "listener.security.protocol.map", "INSIDE:PLAINTEXT, outside:sasl_ssl",
                "advertised.listeners", "OUTSIDE://example.org:19092"));
        assertThat(listeners.clientListeners())
                .containsExactly(
                        new ListenerAddress("INSIDE", "127.0.0.1", 0), new ListenerAddress("OUTSIDE", "::1", 0));
        assertThat(listeners.protocol(listeners.clientListeners().get(1))).isEqualTo(SecurityProtocol.SASL_SSL);
        assertThat(listeners.clientListeners().get(1)).hasToString("OUTSIDE://[::1]:0");
        assertThat(listeners.advertised("OUTSIDE")).isEqualTo(new ListenerAddress("OUTSIDE", "example.org", 19092));
        assertThat(listeners.advertised("INSIDE")).isNull();
    }

    @Test
    void shouldRefuseWhatCannotWork() {
        assertInvalid(Map.of("listeners", "PLAINTEXT:9092"), "it takes NAME://host:port");
        assertInvalid(Map.of("listeners", "PLAINTEXT://:70000"), "it takes NAME://host:port");
        assertInvalid(Map.of("listeners", "PLAINTEXT://:1,PLAINTEXT://:2"), "names the listener PLAINTEXT twice");
        assertInvalid(Map.of("listeners", "PLAINTEXT://:1,SSL://:1"), "uses the port 1 twice");
        assertInvalid(Map.of("listeners", "CONTROLLER://:1"), "at least one listener");
        assertInvalid(Map.of("listeners", "MINE://:1"), "no entry for the listener MINE");
        assertInvalid(Map.of("listener.security.protocol.map", "MINE:TELNET"), "cannot be \"MINE:TELNET\"");
        assertInvalid(Map.of("advertised.listeners", "PLAINTEXT://0.0.0.0:1"), "clients need a host");
        assertInvalid(Map.of("advertised.listeners", "PLAINTEXT://[::]:1"), "clients need a host");
    }

    private static ListenerSettings listeners(Map<String, String> file) {
        return BrokerSettings.of(file).listeners();
    }

    private static void assertInvalid(Map<String, String> file, String message) {
        assertThatThrownBy(() -> listeners(file))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(message);
    }
}
