package io.milena.server.partition;

import io.milena.log.LogException;
import io.milena.server.storage.DiskErrors;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions that should be open here and are not: those that could not be opened, and those whose data folder cannot be used. */
final class UnopenedPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(UnopenedPartitions.class);

    private final Map<PartitionIdentity, String> failed = new ConcurrentHashMap<>();
    private final Set<PartitionIdentity> offline = ConcurrentHashMap.newKeySet();

    boolean contains(PartitionIdentity identity) {
        return failed.containsKey(identity) || offline.contains(identity);
    }

    /** It is open now, or no longer wanted. */
    void opened(PartitionIdentity identity) {
        failed.remove(identity);
        offline.remove(identity);
    }

    /** It could not be opened; says why, unless it is as before. */
    void failed(PartitionIdentity identity, LogException failure) {
        String reason = DiskErrors.reason(failure);
        if (!reason.equals(failed.put(identity, reason))) {
            LOG.error(
                    "partition not opened, tried again every now and then: partition={} reason=\"{}\"",
                    identity,
                    reason);
        }
    }

    /** It is in no data folder that can be used. */
    void offline(PartitionIdentity identity) {
        offline.add(identity);
    }

    /** Those that it makes sense to try again. */
    List<PartitionIdentity> toRetry() {
        return List.copyOf(failed.keySet());
    }

    int count() {
        return failed.size() + offline.size();
    }

    Collection<PartitionIdentity> offline() {
        return offline;
    }
}
