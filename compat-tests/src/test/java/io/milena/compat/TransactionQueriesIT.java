package io.milena.compat;

import static io.milena.compat.harness.TransactionScript.TOPIC;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.TransactionScript;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What both brokers tell of transactions and producers, in every version. */
class TransactionQueriesIT {

    /** No other test writes to these partitions. */
    private static final List<Integer> WRITTEN = List.of(2, 1, 9);

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 3, Map.of("retention.ms", "-1")); // its records are old
            return broker;
        });
    }

    @Test
    void shouldListTheSame() {
        TransactionScript.same(BOTH, script -> {
            script.id("listed").init().add(3, TOPIC, 0).describe();
            list(script, new ListTransactionsRequestData());
            script.id("listed-ended").init().add(3, TOPIC, 0).end(3, false);
            list(script, new ListTransactionsRequestData());
            script.id("listed-empty").init();
            list(script, new ListTransactionsRequestData());
        });
    }

    /** Lists the script's own transaction, with each filter. */
    private static void list(TransactionScript script, ListTransactionsRequestData request) {
        ListTransactionsRequestData mine = request.setProducerIdFilters(List.of(script.producerId()));
        script.write("list", mine.duplicate(), 0);
        for (List<String> states : List.of(
                List.of("Ongoing", "Odd"),
                List.of("Odd", ""),
                List.of("ongoing"),
                List.of("Empty"),
                List.of("Empty", "CompleteAbort"),
                List.of("PrepareCommit", "PrepareAbort", "CompleteCommit", "Dead", "PrepareEpochFence"))) {
            script.write("list", mine.duplicate().setStateFilters(states), 0);
        }
        for (long durationMs : new long[] {-1, -5, 0, 600_000, Long.MAX_VALUE}) {
            script.write("list", mine.duplicate().setDurationFilter(durationMs), 1);
        }
        for (String pattern : new String[] {"l.*", "list", "listed|x", "", "[", "(?i)LISTED.*", null}) {
            script.write("list", mine.duplicate().setTransactionalIdPattern(pattern), 2);
        }
        ListTransactionsRequestData all = mine.duplicate().setDurationFilter(0).setTransactionalIdPattern(".*d.*");
        script.write("list", all, 2);
        script.write("list", all.duplicate().setStateFilters(List.of("CompleteAbort")), 2);
        script.write("list", all.duplicate().setProducerIdFilters(List.of(script.producerId(), 7_777L, -1L)), 2);
        script.write("list", all.duplicate().setProducerIdFilters(List.of(7_777L)), 2);
    }

    @Test
    void shouldDescribeTheSame() {
        TransactionScript.same(BOTH, script -> {
            script.id("described").init().add(3, TOPIC, 0).addOffsets(3, "described");
            script.describe().id("described-ended").init().describe();
            script.add(3, TOPIC, 0).end(3, true).describe().end(5, false).describe();
            for (List<String> ids :
                    List.of(List.<String>of(), List.of("nobody", "described", ""), List.of("described", "described"))) {
                script.write("describe", new DescribeTransactionsRequestData().setTransactionalIds(ids), 0);
            }
        });
    }

    @Test
    void shouldDescribeProducersTheSame() {
        TransactionScript.same(BOTH, script -> {
            producers(script.id("written-classic").init().add(3, TOPIC, 1));
            producers(script.produce(11, 1).produce(11, 1));
            producers(script.end(4, true));
            producers(script.add(3, TOPIC, 1, 2).produce(11, 1));
            producers(script.end(4, false).init());
            producers(script.id("written-anew").init().produce(12, 1));
            producers(script.produce(12, 2).end(5, false));
            producers(script.produce(12, 2).init());
        });
    }

    private static void producers(TransactionScript script) {
        TopicRequest written = new TopicRequest().setName(TOPIC).setPartitionIndexes(WRITTEN);
        script.write("producers", new DescribeProducersRequestData().setTopics(List.of(written)), 0);
    }
}
