package io.milena.server.coordinator.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What another pattern of one member means to its group. */
enum RegexChange {
    /** It has the pattern it had, or still none. */
    NONE,
    /** Nobody knows yet what its pattern stands for. */
    UNRESOLVED,
    /** What it now subscribes to is known. */
    RESOLVED;

    /**
     * @param group without the change
     * @throws CoordinatorException with {@code INVALID_REGULAR_EXPRESSION} for a new one that cannot be parsed
     */
    static RegexChange of(ConsumerGroup group, ConsumerMember before, ConsumerMember after) {
        String old = before.metadata().topicRegex();
        String wanted = after.metadata().topicRegex();
        if (Objects.equals(old, wanted)) {
            return NONE;
        }
        String regex = after.metadata().regex();
        if (regex == null) {
            return before.metadata().regex() == null ? UNRESOLVED : RESOLVED;
        }
        if (!group.usedRegexes().contains(regex)) {
            check(regex);
            return UNRESOLVED;
        }
        return group.regexes().containsKey(regex) ? RESOLVED : UNRESOLVED;
    }

    private static void check(@Nullable String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new CoordinatorException(
                    ErrorCode.INVALID_REGULAR_EXPRESSION,
                    "SubscribedTopicRegex `" + regex + "` is not a valid regular expression: " + e.getDescription()
                            + ".");
        }
    }
}
