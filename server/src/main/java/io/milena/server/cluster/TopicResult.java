package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.server.config.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * What became of the wish for a topic.
 *
 * @param name the name asked for
 * @param error NONE if it was, or would be, created
 * @param message what was wrong, for people; null without an error
 * @param topic the topic; null with an error
 */
public record TopicResult(
        String name,
        ErrorCode error,
        @Nullable String message,
        @Nullable TopicImage topic) {

    static TopicResult created(TopicImage topic) {
        return new TopicResult(topic.name(), ErrorCode.NONE, null, topic);
    }

    static TopicResult refused(String name, ErrorCode error, String message) {
        return new TopicResult(name, error, Excerpt.of(message), null);
    }
}
