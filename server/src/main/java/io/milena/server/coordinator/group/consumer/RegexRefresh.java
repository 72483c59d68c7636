package io.milena.server.coordinator.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexStored;
import io.milena.server.coordinator.group.record.GroupRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which topics the patterns of a group stand for. The time that takes grows with the topics times the lengths of their names
 * and patterns and no faster, as RE2 does not go back. Changes nothing.
 *
 * @param group whose patterns they are
 * @param around what else there is
 */
record RegexRefresh(ConsumerGroup group, Surroundings around) {
    private static final Logger LOG = LoggerFactory.getLogger(RegexRefresh.class);

    /** Kafka's number of its metadata's version; every version of its own is later than this. */
    private static final long NO_VERSION = 0;

    /** Whether there are patterns nobody has matched, or topics, and the last time is not too recent. */
    boolean isDue() {
        Set<String> used = group.usedRegexes();
        if (used.isEmpty()) {
            return false;
        }
        long lastMs = lastMs();
        boolean early = lastMs != -1 && around.nowMs() <= lastMs + ConsumerSettings.REGEX_REFRESH_MIN_INTERVAL_MS;
        boolean old = around.nowMs() > lastMs + around.settings().regexRefreshIntervalMs();
        boolean unresolved = !group.regexes().keySet().containsAll(used);
        return !early && (unresolved || group.areRegexesStale() || old);
    }

    private long lastMs() {
        long last = -1;
        for (ResolvedRegex resolved : group.regexes().values()) {
            last = Math.max(last, resolved.timestampMs());
        }
        return last;
    }

    /** What the patterns stand for now; if that is something else, or topics changed, the group has a new epoch. */
    List<GroupRecord> records() {
        List<GroupRecord> records = new ArrayList<>();
        Map<String, ResolvedRegex> regexes = new HashMap<>(group.regexes());
        boolean changed = false;
        for (String regex : group.usedRegexes()) {
            SortedSet<String> topics = matches(regex);
            ResolvedRegex old = regexes.put(regex, new ResolvedRegex(topics, around.nowMs()));
            changed |= !topics.equals(old == null ? Set.of() : old.topics());
            records.add(new RegexStored(group.groupId(), regex, topics, NO_VERSION, around.nowMs()));
        }
        long hash = new Subscriptions(group.members().values(), regexes).metadataHash(around.image());
        if (changed || hash != group.metadataHash()) {
            records.add(new EpochStored(group.groupId(), group.epoch() + 1, hash));
        }
        return records;
    }

    private SortedSet<String> matches(String regex) {
        SortedSet<String> topics = new TreeSet<>();
        try {
            Pattern pattern = Pattern.compile(regex);
            for (TopicImage topic : around.image().topics()) {
                if (pattern.matches(topic.name())) {
                    topics.add(topic.name());
                }
            }
        } catch (PatternSyntaxException e) { // was checked when the member came; perhaps by another release
            LOG.warn("pattern not understood: group={} reason={}", group.groupId(), e.getMessage());
        }
        return topics;
    }
}
