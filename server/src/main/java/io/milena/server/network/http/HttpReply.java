package io.milena.server.network.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An answer, complete.
 *
 * @param status of HTTP, such as 200
 * @param contentType what the body is
 * @param body not to be changed any more
 */
public record HttpReply(int status, String contentType, ByteBuffer body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    /** An answer of one line for people. */
    public static HttpReply text(int status, String line) {
        return new HttpReply(status, TEXT, StandardCharsets.UTF_8.encode(line + "\n"));
    }
}
