package io.milena.server.partition.session;

import io.milena.log.LogException;
import io.milena.log.LogSlice;
import io.milena.log.PartitionLog;
import io.milena.log.ReadSize;
import io.milena.log.epoch.LeaderEpochs;
import io.milena.log.segment.AbortedTransaction;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.wire.Records;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import io.milena.server.partition.session.FetchSession.PartitionKey;
import io.milena.server.partition.session.SessionPartition.Outcome;
import io.milena.server.request.ErrorMapping;
import io.milena.server.request.LeasedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One look at the ready partitions of a session: takes records up to the limits and notes what the client must be told. It ends in a
 * response, or everything is given back. Belongs to a connection's {@link PendingFetch}, and begins anew for each look.
 */
final class FetchLook {
    /** The last version whose clients do not know of storage errors. */
    private static final int LAST_WITHOUT_STORAGE_ERROR = 5;

    /** The first version whose clients can read zstd. */
    private static final int FIRST_WITH_ZSTD = 10;

    /** A part of a partition's records that is worth an answer, when only that is in memory. */
    private static final int MIN_CACHED_BYTES = 4 * 1024 * 1024;

    private final PartitionLookup partitions;
    private final Answers answers = new Answers();
    private FetchSession session;
    private FetchTerms terms;
    private int bytes;
    private int missing;
    private boolean urgent;
    private boolean foundErrors;

    FetchLook(FetchSession session, FetchTerms terms, PartitionLookup partitions) {
        this.session = session;
        this.terms = terms;
        this.partitions = partitions;
    }

    /** Takes up another fetch; the response to the one before was encoded, or never will be. */
    void begin(FetchSession nextSession, FetchTerms nextTerms) {
        session = nextSession;
        terms = nextTerms;
    }

    void lookAtReady() {
        answers.clear();
        bytes = 0;
        missing = 0;
        urgent = false;
        foundErrors = false;
        try {
            List<SessionPartition> ready = session.ready();
            for (int i = 0; i < ready.size(); i++) {
                if (!ready.get(i).isForgotten()) {
                    lookAt(ready.get(i));
                }
            }
        } catch (RuntimeException e) {
            giveBack();
            throw e;
        }
    }

    int bytes() {
        return bytes;
    }

    boolean foundErrors() {
        return foundErrors;
    }

    /** Whether the client should hear of this now, and not wait for more. */
    boolean suffices() {
        return bytes >= terms.minBytes() || urgent || missing == session.size();
    }

    /** Ends the leases of everything taken. */
    void giveBack() {
        for (int i = 0; i < answers.size(); i++) {
            if (answers.answer(i).records() instanceof LeasedRecords leased) {
                leased.release();
            }
        }
    }

    /** The response; what it tells of a partition is remembered as known to the client. */
    FetchResponse respond() {
        for (int i = 0; i < answers.size(); i++) {
            SessionPartition partition = answers.told(i);
            FetchResponse.Partition answer = answers.answer(i);
            if (answer.errorCode() == ErrorCode.NONE) {
                partition.reported(answer.highWatermark(), answer.logStartOffset());
                countFetched(partition.partition(), answer.records());
            } else {
                partition.reportedError();
            }
        }
        session.toldAll();
        return answers.response(session.id());
    }

    private static void countFetched(@Nullable Partition partition, @Nullable Records records) {
        if (partition != null && records != null && records.sizeInBytes() > 0) {
            partition.traffic().fetched(records.sizeInBytes());
        }
    }

    private void lookAt(SessionPartition wanted) {
        Partition partition = wanted.partition();
        if (partition == null) {
            partition = find(wanted.key());
            if (partition == null) {
                tellMissing(wanted);
                return;
            }
            wanted.partition(partition);
        }
        ErrorCode error = partition.checkLeader(wanted.currentLeaderEpoch());
        if (error == ErrorCode.NONE
                && terms.version() < FIRST_WITH_ZSTD
                && partition.settings().compressesWithZstd()) {
            error = ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        }
        if (error != ErrorCode.NONE) {
            tellError(wanted, error);
            return;
        }
        try {
            read(wanted, partition);
        } catch (LogException e) {
            if (wanted.partition() == null) { // closed while it was looked at
                tellMissing(wanted);
            } else {
                tellError(wanted, ErrorMapping.of(e));
            }
        }
    }

    private void read(SessionPartition wanted, Partition partition) {
        long logStartOffset = partition.logStartOffset(); // in this order: what is read later is never smaller
        long stableOffset = partition.lastStableOffset();
        long highWatermark = partition.highWatermark();
        long logEndOffset = partition.logEndOffset();
        wanted.saw(stableOffset, highWatermark, logEndOffset);
        long fetchOffset = wanted.fetchOffset();
        LeaderEpochs.EpochEnd epochEnd = epochEnd(partition, wanted);
        boolean unknownEpoch = epochEnd != null && epochEnd.epoch() == LeaderEpochs.UNKNOWN;
        if (fetchOffset < logStartOffset || fetchOffset > logEndOffset || unknownEpoch) {
            tellError(wanted, ErrorCode.OFFSET_OUT_OF_RANGE);
            return;
        }
        FetchResponse.EpochEndOffset diverging = diverging(epochEnd, wanted);
        long end = terms.readableEnd(stableOffset, highWatermark, logEndOffset);
        LogSlice slice = diverging == null ? take(wanted, partition, end) : null;
        if (slice == null) {
            boolean isNew = diverging != null || wanted.isNewToClient(highWatermark, logStartOffset);
            wanted.outcome(isNew || end > fetchOffset ? Outcome.WAITING : Outcome.IDLE);
            if (!isNew && !session.tellsAll()) {
                return;
            }
        }
        // Before the answer is added: this may fail.
        List<FetchResponse.AbortedTransaction> aborted = aborted(wanted, partition, slice);
        FetchResponse.Partition answer = answers.add(wanted)
                .highWatermark(highWatermark)
                .lastStableOffset(stableOffset)
                .logStartOffset(logStartOffset)
                .divergingEpoch(diverging)
                .abortedTransactions(aborted);
        if (slice != null) {
            answer.records(new SliceRecords(slice));
            bytes += slice.sizeInBytes();
            wanted.outcome(Outcome.SERVED);
        }
        urgent |= diverging != null;
    }

    /** Records from the position on, up to what is left of the limits; null if there are none or no room for them. */
    private @Nullable LogSlice take(SessionPartition wanted, Partition partition, long end) {
        boolean first = bytes == 0;
        int room = Math.max(0, Math.min(wanted.maxBytes(), terms.maxBytes() - bytes));
        if (wanted.fetchOffset() >= end
                || (!first && (room == 0 || partition.log().isShortOfFiles()))) {
            return null;
        }
        int cached = cachedBytes(wanted, partition.log(), Math.max(1, room));
        if (cached == 0) {
            return null;
        }
        LogSlice slice = partition
                .log()
                .read(
                        wanted.fetchOffset(),
                        Math.min(room, cached),
                        end,
                        first ? ReadSize.WHOLE_FIRST_BATCH : ReadSize.STRICT);
        return slice.isEmpty() ? null : slice;
    }

    /** How much may be read without waiting for the disk. If that is too little it is brought in, and this gives 0. */
    private int cachedBytes(SessionPartition wanted, PartitionLog log, int room) {
        int ahead = (int) Math.min(Integer.MAX_VALUE, (long) room + ColdRange.BYTES_AHEAD);
        int cached = log.cachedBytes(wanted.fetchOffset(), ahead);
        if (cached == ahead) {
            return room;
        }
        boolean enough = cached >= Math.min(room, MIN_CACHED_BYTES) || wanted.takeBroughtIn();
        boolean comes = session.bringIn(wanted, log, Math.min(room, MIN_CACHED_BYTES));
        if (enough) {
            return Math.min(room, Math.max(cached, MIN_CACHED_BYTES));
        }
        return comes ? 0 : room;
    }

    /** Where the epoch of the last record the reader has ended, null if it does not name one. */
    private static LeaderEpochs.@Nullable EpochEnd epochEnd(Partition partition, SessionPartition wanted) {
        return wanted.lastFetchedEpoch() < 0 ? null : partition.endOfEpoch(wanted.lastFetchedEpoch());
    }

    /** How far the reader's log agrees with this one, null if to its end. */
    private static FetchResponse.@Nullable EpochEndOffset diverging(
            LeaderEpochs.@Nullable EpochEnd end, SessionPartition wanted) {
        if (end == null || (end.epoch() >= wanted.lastFetchedEpoch() && end.endOffset() >= wanted.fetchOffset())) {
            return null;
        }
        return new FetchResponse.EpochEndOffset().epoch(end.epoch()).endOffset(end.endOffset());
    }

    /** The aborted transactions a reader of committed records must skip; null for other readers. */
    private @Nullable List<FetchResponse.AbortedTransaction> aborted(
            SessionPartition wanted, Partition partition, @Nullable LogSlice slice) {
        if (terms.reader() != FetchTerms.Reader.COMMITTED) {
            return null;
        }
        if (slice == null) {
            return List.of();
        }
        try {
            List<FetchResponse.AbortedTransaction> aborted = new ArrayList<>(0);
            for (AbortedTransaction transaction :
                    partition.log().abortedTransactions(wanted.fetchOffset(), slice.nextOffset())) {
                aborted.add(new FetchResponse.AbortedTransaction()
                        .producerId(transaction.producerId())
                        .firstOffset(transaction.firstOffset()));
            }
            return aborted;
        } catch (LogException e) {
            slice.close();
            throw e;
        }
    }

    private void tellMissing(SessionPartition wanted) {
        ErrorCode error = wanted.key().topic() instanceof UUID id
                ? partitions.whyMissing(id, wanted.key().index())
                : partitions.whyMissing(
                        (String) wanted.key().topic(), wanted.key().index());
        boolean unknown = error == ErrorCode.UNKNOWN_TOPIC_ID || error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        boolean wasUrgent = urgent;
        tellError(wanted, error);
        if (unknown && !wanted.takeLost()) {
            // A client that keeps asking for what does not exist waits like for what is empty: there is no news in it.
            urgent = wasUrgent;
            missing++;
        }
    }

    private void tellError(SessionPartition wanted, ErrorCode error) {
        urgent = true;
        wanted.outcome(Outcome.FAILED);
        boolean unknownToClient =
                error == ErrorCode.KAFKA_STORAGE_ERROR && terms.version() <= LAST_WITHOUT_STORAGE_ERROR;
        answers.add(wanted).errorCode(unknownToClient ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error);
        foundErrors = true;
    }

    private @Nullable Partition find(PartitionKey key) {
        return key.topic() instanceof UUID id
                ? partitions.find(id, key.index())
                : partitions.find((String) key.topic(), key.index());
    }
}
