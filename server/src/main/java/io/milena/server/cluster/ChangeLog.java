package io.milena.server.cluster;

import io.milena.protocol.Uuids;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log which topics came, went and changed, one line each. Told on the controller's thread. */
public final class ChangeLog implements ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    /** What the first image shows was there before. */
    private boolean isFirst = true;

    @Override
    public CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next) {
        if (isFirst) {
            isFirst = false;
            LOG.info("cluster: clusterId={} topics={}", next.clusterId(), next.topicCount());
        } else {
            for (TopicImage gone : previous.topicsGoneIn(next)) {
                LOG.info("topic deleted: topic={} topicId={}", gone.name(), Uuids.toText(gone.id()));
            }
            for (TopicImage topic : next.topicsChangedSince(previous)) {
                report(previous.topic(topic.id()), topic);
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private static void report(@Nullable TopicImage before, TopicImage topic) {
        if (before == null) {
            LOG.info(
                    "topic created: topic={} partitions={} topicId={} settings={}",
                    topic.name(),
                    topic.partitions().size(),
                    Uuids.toText(topic.id()),
                    topic.configs());
            return;
        }
        if (topic.partitions().size() != before.partitions().size()) {
            LOG.info(
                    "partitions added: topic={} partitions={} before={}",
                    topic.name(),
                    topic.partitions().size(),
                    before.partitions().size());
        }
        if (!topic.configs().equals(before.configs())) {
            LOG.info("topic's settings changed: topic={} settings={}", topic.name(), topic.configs());
        }
    }
}
