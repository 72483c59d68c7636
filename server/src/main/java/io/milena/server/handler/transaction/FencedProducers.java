package io.milena.server.handler.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.request.RequestContext;

/** How clients learn that their producer was replaced: those of the first versions by another error than later ones. */
final class FencedProducers {
    /** From this version on AddPartitionsToTxn, AddOffsetsToTxn and EndTxn know the newer error. */
    private static final int PRODUCER_FENCED_MIN_VERSION = 2;

    private FencedProducers() {}

    /** The error a failed stage becomes for this client. */
    static ErrorCode errorFor(RequestContext context, Throwable failure) {
        ErrorCode error = CoordinatorException.errorOf(failure);
        return error == ErrorCode.PRODUCER_FENCED && context.apiVersion() < PRODUCER_FENCED_MIN_VERSION
                ? ErrorCode.INVALID_PRODUCER_EPOCH
                : error;
    }
}
