package io.milena.server.handler.records;

import io.milena.log.AppendResult;
import io.milena.log.InvalidRecordException;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ProduceResponse;
import io.milena.server.partition.Acknowledgement;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionException;
import io.milena.server.partition.TransactionGate;
import io.milena.server.request.ErrorMapping;
import io.milena.server.strand.Timeout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a produce request on its way into a partition, and what the client is told of it. From {@link #begin} on everything happens
 * inside the partition's strand. The batch of a transaction may have to wait at the partition's gate first.
 */
final class PartitionAppend implements Runnable, Acknowledgement, TransactionGate.Waiter {
    private static final long UNKNOWN = -1;

    private final ProduceOperation operation;
    private final int index;
    private final @Nullable ByteBuffer batch;
    private @Nullable PartitionAppend next;
    private @Nullable Partition partition;
    private TransactionGate.@Nullable Question question;
    private @Nullable Timeout timeout;
    private @Nullable AppendResult result;
    private ProduceResponse.@Nullable Partition refusal;
    private boolean answered;

    /** @param batch a slice of the frame, null if there is none */
    PartitionAppend(ProduceOperation operation, int index, @Nullable ByteBuffer batch) {
        this.operation = operation;
        this.index = index;
        this.batch = batch;
    }

    /** The one after it in the request, of the same topic. */
    @Nullable
    PartitionAppend next() {
        return next;
    }

    void next(PartitionAppend append) {
        next = append;
    }

    @Nullable
    ByteBuffer batch() {
        return batch;
    }

    /** The partition's number. */
    int index() {
        return index;
    }

    /** The answer if something went wrong, null if not. */
    ProduceResponse.@Nullable Partition refusal() {
        return refusal;
    }

    /** The answer if nothing went wrong, from then on that the batch is in the log. */
    AppendResult result() {
        return Objects.requireNonNull(result);
    }

    void result(AppendResult appended) {
        result = appended;
    }

    /**
     * Settles where the batch goes.
     *
     * @param asked what to ask about the batch's transaction, null if nothing
     */
    void goesTo(Partition found, TransactionGate.@Nullable Question asked) {
        partition = found;
        question = asked;
    }

    /** The answer is an error; gives it, to say more there. */
    ProduceResponse.Partition refuse(ErrorCode error) {
        ProduceResponse.Partition answer =
                new ProduceResponse.Partition().index(index).errorCode(error).baseOffset(UNKNOWN);
        refusal = answer;
        return answer;
    }

    /** Brings the batch to the strand: done when this returns, if the strand is free. */
    void begin() {
        partition().strand().execute(this);
    }

    @Override
    public void run() {
        TransactionGate.Question asked = question;
        if (asked == null) {
            appendNow();
        } else {
            ByteBuffer bytes = bytes();
            partition().transactionGate().pass(RecordBatch.at(bytes, bytes.position()), asked, this);
        }
    }

    private Partition partition() {
        return Objects.requireNonNull(partition);
    }

    private ByteBuffer bytes() {
        return Objects.requireNonNull(batch);
    }

    @Override
    public void settled(ErrorCode error) {
        if (error == ErrorCode.NONE) {
            appendNow();
        } else {
            String message =
                    error == ErrorCode.INVALID_TXN_STATE ? "the partition was not added to the transaction" : null;
            if (error == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                failWithLogStart(error, message, List.of());
            } else {
                fail(error, message);
            }
            operation.appended();
        }
    }

    private void appendNow() {
        try {
            append();
        } catch (InvalidRecordException e) {
            failWithLogStart(ErrorMapping.of(e), e.getMessage(), recordErrors(e));
        } catch (LogException e) {
            if (isAboutTheProducer(e.error())) {
                failWithLogStart(ErrorMapping.of(e), e.getMessage(), List.of());
            } else {
                fail(ErrorMapping.of(e), e.getMessage());
            }
        } catch (PartitionException e) {
            fail(e.error(), null);
        } catch (RuntimeException e) {
            fail(ErrorCode.UNKNOWN_SERVER_ERROR, null);
            throw e;
        } finally {
            operation.appended();
        }
    }

    @Override
    public void committed() {
        // Replicas may have left while it waited.
        if (operation.acks() == Acks.ALL && partition().isBelowMinInSyncReplicas()) {
            fail(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, null);
        } else {
            end();
        }
    }

    @Override
    public void abandoned(ErrorCode error) {
        fail(error, null);
    }

    private void append() {
        boolean all = operation.acks() == Acks.ALL;
        if (all && partition().isBelowMinInSyncReplicas()) {
            fail(ErrorCode.NOT_ENOUGH_REPLICAS, null);
            return;
        }
        AppendResult appended = partition().append(bytes(), AppendOrigin.CLIENT);
        result(appended);
        if (operation.acks() == Acks.NONE) {
            end();
        } else if (!all) {
            partition().awaitFlush(appended.lastOffset() + 1, this);
        } else {
            awaitCommit(appended.lastOffset() + 1);
        }
    }

    private void awaitCommit(long offset) {
        partition().awaitCommit(offset, this);
        if (!answered) {
            timeout = operation.schedule(() -> partition().strand().execute(this::timeOut));
        }
    }

    private void timeOut() {
        fail(ErrorCode.REQUEST_TIMED_OUT, null);
    }

    private void fail(ErrorCode error, @Nullable String message) {
        fail(error, message, result == null ? UNKNOWN : result.logStartOffset(), List.of());
    }

    private void failWithLogStart(
            ErrorCode error, @Nullable String message, List<ProduceResponse.RecordError> recordErrors) {
        fail(error, message, partition().logStartOffset(), recordErrors);
    }

    private void fail(
            ErrorCode error,
            @Nullable String message,
            long logStartOffset,
            List<ProduceResponse.RecordError> recordErrors) {
        if (!answered) {
            refuse(error)
                    .errorMessage(operation.explainsErrors() ? message : null)
                    .logStartOffset(logStartOffset)
                    .recordErrors(recordErrors);
            end();
        }
    }

    private void end() {
        if (answered) {
            return;
        }
        answered = true;
        if (timeout != null) {
            timeout.cancel();
        }
        operation.answered();
    }

    private static boolean isAboutTheProducer(LogError error) {
        return switch (error) {
            case OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE -> true;
            default -> false;
        };
    }

    private static List<ProduceResponse.RecordError> recordErrors(InvalidRecordException e) {
        List<ProduceResponse.RecordError> errors =
                new ArrayList<>(e.recordErrors().size());
        for (InvalidRecordException.RecordError error : e.recordErrors()) {
            errors.add(new ProduceResponse.RecordError()
                    .batchIndex(error.batchIndex())
                    .batchIndexErrorMessage(error.message()));
        }
        return errors;
    }
}
