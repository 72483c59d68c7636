package io.milena.server.coordinator.transaction;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that does random transactional things, by the rules of one of the two generations. Whatever it knows to be committed is
 * written down in the ledger; of all else nothing may ever be seen.
 */
final class RandomProducer {
    private final TransactionWorld world;
    private final Random random;
    private final TransactionLedger ledger;
    private final String transactionalId;
    private final boolean isModern;
    private final Map<Integer, Integer> sequences = new HashMap<>();
    private final Map<Integer, List<String>> written = new HashMap<>();
    private final Set<TopicPartition> named = new HashSet<>();
    private @Nullable ProducerIdentity identity;
    private long offset = -1;
    private int outstanding;
    private boolean failed;
    private boolean dead;
    private @Nullable Boolean ending;
    private int patience;

    RandomProducer(
            TransactionWorld world, Random random, TransactionLedger ledger, String transactionalId, boolean isModern) {
        this.world = world;
        this.random = random;
        this.ledger = ledger;
        this.transactionalId = transactionalId;
        this.isModern = isModern;
    }

    private PartitionClaim claim() {
        return isModern ? PartitionClaim.WRITTEN : PartitionClaim.NAMED;
    }

    private int version() {
        return isModern ? TransactionVersion.EPOCH_BUMPING : TransactionVersion.CLASSIC;
    }

    boolean isDead() {
        return dead;
    }

    void act() {
        ProducerIdentity current = identity;
        if (dead || (outstanding > 0 && !losesPatience())) {
            return;
        }
        if (current == null) {
            init();
        } else if (ending != null) {
            end(current, ending);
        } else if (failed) {
            end(current, false);
        } else {
            switch (random.nextInt(8)) {
                case 0, 1 -> end(current, random.nextInt(4) > 0);
                case 2 -> withNamed(current, TransactionWorld.offsets(), () -> commitOffset(current));
                default -> {
                    int partition = random.nextInt(TransactionWorld.PARTITIONS);
                    withNamed(current, TransactionWorld.partition(partition), () -> produce(current, partition));
                }
            }
        }
    }

    /** Now and then a client gives up what it waits for, aborts, and goes on; what it gave up may still arrive. */
    private boolean losesPatience() {
        if (identity == null || ending != null || random.nextInt(30) > 0) {
            return false;
        }
        patience++;
        outstanding = 0;
        failed = true;
        return true;
    }

    private <R> void send(CompletionStage<R> stage, BiConsumer<@Nullable R, ErrorCode> answered) {
        outstanding++;
        int patienceThen = patience;
        stage.whenComplete((reply, failure) -> {
            if (patience == patienceThen) {
                outstanding--;
                answered.accept(reply, failure == null ? ErrorCode.NONE : CoordinatorException.errorOf(failure));
            }
        });
    }

    private void init() {
        InitProducerRequest request =
                new InitProducerRequest(transactionalId, TransactionFixture.TIMEOUT_MS, ProducerIdentity.NONE);
        send(world.coordinator().init(request), (producer, error) -> {
            if (producer != null) {
                identity = producer;
                forget();
            }
        });
    }

    private void forget() {
        sequences.clear();
        startAnew();
    }

    private void startAnew() {
        written.clear();
        named.clear();
        offset = -1;
        failed = false;
        ending = null;
    }

    private void withNamed(ProducerIdentity current, TopicPartition partition, Runnable then) {
        if (isModern || named.contains(partition)) {
            then.run();
            return;
        }
        AddPartitionsRequest request = new AddPartitionsRequest(transactionalId, current, Set.of(partition), version());
        send(world.coordinator().add(request), (reply, error) -> {
            if (error == ErrorCode.NONE) {
                named.add(partition);
            } else if (error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_ID_MAPPING) {
                dead = true;
            }
        });
    }

    /** Several batches on their way at once, as long as none failed. */
    private void produce(ProducerIdentity current, int partition) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            String value = ledger.newValue();
            int sequence = sequences.merge(partition, 1, Integer::sum) - 1;
            send(world.produce(transactionalId, current, partition, sequence, value, claim()), (error, unforeseen) -> {
                if (error == ErrorCode.NONE) {
                    written.computeIfAbsent(partition, at -> new ArrayList<>()).add(value);
                } else {
                    failed = true;
                }
            });
        }
    }

    private void commitOffset(ProducerIdentity current) {
        long next = ledger.newOffset();
        send(world.commitOffset(transactionalId, current, next, claim()), (error, unforeseen) -> {
            if (error == ErrorCode.NONE) {
                offset = next;
            } else {
                failed = true;
            }
        });
    }

    /** Keeps asking for the same end until it knows how the transaction ended. */
    private void end(ProducerIdentity current, boolean commit) {
        ending = commit;
        EndTransactionRequest request = new EndTransactionRequest(transactionalId, current, commit, version());
        boolean lost = random.nextInt(10) == 0;
        send(world.coordinator().end(request), (next, error) -> {
            if (next != null && commit) {
                ledger.committed(transactionalId, written, offset);
                written.clear();
                offset = -1;
            }
            if (!lost) {
                ended(next, error);
            }
        });
    }

    private void ended(@Nullable ProducerIdentity next, ErrorCode error) {
        switch (error) {
            case NONE -> {
                boolean startsOver = failed && !isModern;
                if (isModern) {
                    identity = next;
                    forget();
                } else {
                    startAnew();
                }
                if (startsOver) {
                    identity = null; // the sequence numbers are not known any more
                }
            }
            case CONCURRENT_TRANSACTIONS, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> {}
            case INVALID_TXN_STATE -> identity = null; // nothing to end, or ended otherwise
            default -> dead = true;
        }
    }
}
