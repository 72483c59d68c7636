package io.milena.server.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.ApiKey;
import io.milena.protocol.Message;
import io.milena.protocol.Versions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HandlersTest {
    private final ApiHandler<Message, Message> fetch = FakeHandler.serial(ApiKey.FETCH, call -> {});
    private final ApiHandler<Message, Message> produce = FakeHandler.overlapping(ApiKey.PRODUCE, call -> {});

    @Test
    void shouldFindHandlersByApiAndListThemInOrder() {
        Handlers handlers = new Handlers(List.of(fetch, produce));

        assertThat(handlers.find(ApiKey.FETCH)).isSameAs(fetch);
        assertThat(handlers.find(ApiKey.METADATA)).isNull();
        assertThat(handlers.all()).hasSize(2);
        assertThat(handlers.all().get(0)).isSameAs(produce);
    }

    @Test
    void shouldRefuseTwoHandlersOfOneApi() {
        assertThatThrownBy(() -> new Handlers(List.of(fetch, fetch)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FETCH");
    }

    @Test
    void shouldRefuseVersionsTheProtocolDoesNotKnow() {
        assertThatThrownBy(() -> new Handlers(List.of(new TooNew())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HEARTBEAT has no versions 0-99");
    }

    private static final class TooNew implements ApiHandler<Message, Message> {
        @Override
        public ApiKey apiKey() {
            return ApiKey.HEARTBEAT;
        }

        @Override
        public Versions versions() {
            return new Versions((short) 0, (short) 99);
        }

        @Override
        public CompletionStage<Message> handle(Message request, RequestContext context) {
            return new CompletableFuture<>();
        }
    }
}
