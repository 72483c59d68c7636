package io.milena.server.handler.group;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What handlers do with the stages a coordinator returns. */
final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    /** The reply of a stage, or the one for the error it failed with. */
    static <R> CompletionStage<R> recover(CompletionStage<R> stage, Function<ErrorCode, R> failed) {
        return stage.exceptionally(failure -> failed.apply(errorOf(failure)));
    }

    /** The reply of a stage, or the one for the error it failed with and what is to be said about it. */
    static <R> CompletionStage<R> explain(CompletionStage<R> stage, BiFunction<ErrorCode, @Nullable String, R> failed) {
        return stage.exceptionally(failure -> failed.apply(errorOf(failure), messageOf(failure)));
    }

    private static @Nullable String messageOf(Throwable failure) {
        Throwable cause = causeOf(failure);
        return cause instanceof CoordinatorException ? cause.getMessage() : null;
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static ErrorCode errorOf(Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause instanceof CoordinatorException refused) {
            return refused.error();
        }
        LOG.error("group request failed", cause);
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    /** All replies, in the order of their stages, once the last is there. */
    static <R> CompletionStage<List<R>> all(List<CompletionStage<R>> stages) {
        CompletionStage<List<R>> all = CompletableFuture.completedFuture(new ArrayList<>(stages.size()));
        for (CompletionStage<R> stage : stages) {
            all = all.thenCombine(stage, (replies, reply) -> {
                replies.add(reply);
                return replies;
            });
        }
        return all;
    }
}
