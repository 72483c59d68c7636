package io.milena.server.coordinator;

import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.RecordBatch;
import io.milena.log.producer.Producers;
import io.milena.protocol.ErrorCode;
import io.milena.server.strand.Strand;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in memory. Commits at once, unless told to hold back; refuses appends when told to. */
public final class MemoryShardLog implements ShardLog {
    private final Strand strand;
    private final List<RecordBatch> batches = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long end;
    private long highWatermark;
    private boolean holdsBack;
    private volatile boolean isUnreadable;
    private @Nullable ErrorCode refusal;
    private int leaderEpoch;
    private final Producers producers = new Producers();

    public MemoryShardLog(Executor home) {
        strand = new Strand("memory", home);
    }

    /** A log with what another one holds, as after a restart. */
    public MemoryShardLog(Executor home, MemoryShardLog source) {
        this(home);
        batches.addAll(source.batches);
        batches.forEach(producers::update);
        leaderEpoch = source.leaderEpoch + 1;
        end = source.end;
        highWatermark = end;
    }

    @Override
    public Strand strand() {
        return strand;
    }

    @Override
    public boolean isEmpty() {
        return batches.isEmpty();
    }

    @Override
    public long replay(Consumer<RecordBatch> reader) {
        if (isUnreadable) {
            throw new IllegalStateException("unreadable");
        }
        batches.forEach(reader);
        return end;
    }

    @Override
    public long append(ByteBuffer batch) {
        return append(batch, 0);
    }

    @Override
    public long appendMarker(ByteBuffer marker, int transactionVersion) {
        return append(marker, transactionVersion);
    }

    @Override
    public ShardTransactions transactions() {
        return new ShardTransactions() {
            @Override
            public boolean isOpen(ProducerIdentity producer) {
                return producers.hasOpenTransaction(producer.producerId(), producer.producerEpoch());
            }

            @Override
            public short epoch(long producerId) {
                return producers.epoch(producerId);
            }

            @Override
            public int markers(long producerId) {
                return producers.markers(producerId);
            }
        };
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    private long append(ByteBuffer batch, int transactionVersion) {
        strand.assertInside();
        if (refusal != null) {
            throw new CoordinatorException(refusal, "refused");
        }
        RecordBatch appended = RecordBatch.at(batch, 0);
        try {
            producers.check(appended, AppendOrigin.COORDINATOR, transactionVersion);
        } catch (LogException e) {
            throw new CoordinatorException(ErrorCode.valueOf(e.error().name()), "refused");
        }
        appended.assign(end, leaderEpoch);
        producers.update(appended);
        batches.add(appended);
        end = appended.nextOffset();
        if (!holdsBack) {
            highWatermark = end;
        }
        return end;
    }

    @Override
    public boolean isCommitted(long offset) {
        return offset <= highWatermark;
    }

    @Override
    public void whenCommitted(long offset, Runnable committed, Consumer<ErrorCode> abandoned) {
        waiting.add(new Waiting(offset, committed, abandoned));
    }

    /** Whether a replay fails from now on. */
    public void unreadable(boolean broken) {
        isUnreadable = broken;
    }

    /** Appends fail with this error from now on; null lets them succeed. */
    public void refuse(@Nullable ErrorCode error) {
        refusal = error;
    }

    /** What is appended from now on is not committed until {@link #commit()}. */
    public void holdBack() {
        holdsBack = true;
    }

    /** Commits everything, now and from now on. */
    public void commit() {
        holdsBack = false;
        highWatermark = end;
        strand.execute(() -> {
            while (!waiting.isEmpty()) {
                waiting.poll().committed.run();
            }
        });
    }

    /** The lead is lost: what is not committed may never be. */
    public void abandon() {
        strand.execute(() -> {
            while (!waiting.isEmpty()) {
                waiting.poll().abandoned.accept(ErrorCode.NOT_COORDINATOR);
            }
        });
    }

    /** How many batches were appended. */
    public int batchCount() {
        return batches.size();
    }

    /** All batches. */
    public List<RecordBatch> batches() {
        return batches;
    }

    private record Waiting(long offset, Runnable committed, Consumer<ErrorCode> abandoned) {}
}
