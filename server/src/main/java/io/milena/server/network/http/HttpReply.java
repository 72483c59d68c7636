package io.milena.server.network.http;

import java.nio.charset.StandardCharsets;

/**
 * An answer, complete.
 *
 * @param status of HTTP, such as 200
 * @param contentType what the body is
 * @param body not to be changed any more
 */
public record HttpReply(int status, String contentType, byte[] body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    /** An answer of one line for people. */
    public static HttpReply text(int status, String line) {
        return new HttpReply(status, TEXT, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
