package io.milena.server.request;

import io.milena.log.LogException;
import io.milena.protocol.ErrorCode;

/** What the failures of lower layers are called on the wire. The only place where an exception becomes an {@link ErrorCode}. */
public final class ErrorMapping {
    private ErrorMapping() {}

    /** The error a client is told when its part of a request met this failure. */
    public static ErrorCode of(LogException failure) {
        return switch (failure.error()) {
            case CORRUPT_MESSAGE -> ErrorCode.CORRUPT_MESSAGE;
            case INVALID_RECORD -> ErrorCode.INVALID_RECORD;
            case INVALID_TIMESTAMP -> ErrorCode.INVALID_TIMESTAMP;
            case MESSAGE_TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            case RECORD_LIST_TOO_LARGE -> ErrorCode.RECORD_LIST_TOO_LARGE;
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case DUPLICATE_SEQUENCE_NUMBER -> ErrorCode.DUPLICATE_SEQUENCE_NUMBER;
            case INVALID_PRODUCER_EPOCH -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case UNKNOWN_PRODUCER_ID -> ErrorCode.UNKNOWN_PRODUCER_ID;
            case UNSUPPORTED_COMPRESSION_TYPE -> ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
            case UNSUPPORTED_FOR_MESSAGE_FORMAT -> ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT;
            case OFFSET_OUT_OF_RANGE -> ErrorCode.OFFSET_OUT_OF_RANGE;
            case INVALID_TXN_STATE -> ErrorCode.INVALID_TXN_STATE;
            case TRANSACTION_COORDINATOR_FENCED -> ErrorCode.TRANSACTION_COORDINATOR_FENCED;
            case STORAGE_ERROR -> ErrorCode.KAFKA_STORAGE_ERROR;
        };
    }
}
