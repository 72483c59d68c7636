package io.milena.server.network.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.network.EventLoops;
import io.milena.server.testing.HttpCall;
import io.milena.server.testing.NothingLeftOver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeftOver.class)
class HttpListenerTest {
    private EventLoops loops;
    private HttpListener listener;

    @BeforeEach
    void open() throws IOException {
        loops = new EventLoops(1);
        listener = HttpListener.open(loops, "127.0.0.1", 0, HttpListenerTest::answer);
    }

    @AfterEach
    void close() {
        listener.close();
        loops.close();
    }

    private static CompletionStage<HttpReply> answer(HttpRequest request) {
        return request.path().equals("/fail")
                ? CompletableFuture.failedFuture(new IllegalStateException("meant to fail"))
                : CompletableFuture.completedFuture(HttpReply.text(200, request.path() + " as " + request.accept()));
    }

    @Test
    void shouldAnswerAndClose() throws IOException {
        assertThat(send("GET /a?b=c HTTP/1.1\r\nhost: x\r\nACCEPT: text/plain\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: 17\r\n", "Connection: close\r\n")
                .endsWith("\r\n\r\n/a as text/plain\n");
    }

    @Test
    void shouldAnswerARequestThatComesInParts() throws IOException {
        assertThat(send("GE", "T /par", "ts HTTP/1.0\r\nHost:", " x\r\n\r", "\n"))
                .endsWith("/parts as \n");
    }

    @Test
    void shouldSendNoBodyWhenOnlyTheHeadIsWanted() throws IOException {
        assertThat(send("HEAD /a HTTP/1.1\r\n\r\n"))
                .contains("200 OK", "Content-Length: 7\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() throws IOException {
        assertThat(send("POST / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
        assertThat(send("GET / HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 505 ");
        assertThat(send("GET http://elsewhere/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(send("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(send("\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(send("GET / HTTP/1.1\r\nX: " + "x".repeat(HttpConnection.MAX_HEAD_BYTES)))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void shouldSayThatItFailed() throws IOException {
        assertThat(send("GET /fail HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void shouldSurviveClientsThatGo() throws IOException {
        for (int i = 0; i < HttpListener.MAX_CONNECTIONS * 2; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
                socket.getOutputStream().write("GET /".getBytes(StandardCharsets.UTF_8));
            }
        }
        String answer = "";
        while (answer.isEmpty()) { // until the loop has seen that enough of them have gone
            answer = send("GET /here HTTP/1.1\r\n\r\n");
        }
        assertThat(answer).contains("200 OK");
    }

    private int port() {
        return listener.address().getPort();
    }

    private String send(String... parts) throws IOException {
        return HttpCall.send(port(), parts);
    }
}
