package io.milena.server.coordinator.group.consumer;

import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TopicImage;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which topics members subscribe to, by name and by pattern, given what the patterns stand for.
 *
 * @param members all members of a group, as they are or would be
 * @param regexes what patterns stand for; one that is missing stands for nothing yet
 */
record Subscriptions(Collection<ConsumerMember> members, Map<String, ResolvedRegex> regexes) {
    /** The patterns that members use. */
    static Set<String> regexes(Collection<ConsumerMember> members) {
        Set<String> used = new HashSet<>();
        for (ConsumerMember member : members) {
            String regex = member.metadata().regex();
            if (regex != null) {
                used.add(regex);
            }
        }
        return used;
    }

    /** The names of all topics that somebody subscribes to. */
    SortedSet<String> topicNames() {
        SortedSet<String> names = new TreeSet<>();
        for (ConsumerMember member : members) {
            names.addAll(member.metadata().topicNames());
        }
        regexes(members).forEach(regex -> names.addAll(matches(regex)));
        return names;
    }

    private Set<String> matches(String regex) {
        ResolvedRegex resolved = regexes.get(regex);
        return resolved == null ? Set.of() : resolved.topics();
    }

    /** The names of the topics that one member subscribes to. */
    SortedSet<String> topicNames(ConsumerMember member) {
        String regex = member.metadata().regex();
        SortedSet<String> names = member.metadata().topicNames();
        if (regex == null) {
            return names;
        }
        SortedSet<String> all = new TreeSet<>(names);
        all.addAll(matches(regex));
        return all;
    }

    /** The ids of the topics that one member subscribes to, those that exist. */
    Set<UUID> topicIds(ConsumerMember member, ClusterImage image) {
        Set<UUID> ids = new HashSet<>();
        for (String name : topicNames(member)) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        return ids;
    }

    /** The number of partitions of each topic that somebody subscribes to and that exists. */
    Map<UUID, Integer> partitionCounts(ClusterImage image) {
        Map<UUID, Integer> counts = new HashMap<>();
        for (String name : topicNames()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                counts.put(topic.id(), topic.partitions().size());
            }
        }
        return counts;
    }

    /** Whether all members subscribe to the same: the same names and no pattern, or the same pattern and no names. */
    boolean areHomogeneous() {
        Iterator<ConsumerMember> all = members.iterator();
        if (!all.hasNext()) {
            return true;
        }
        ConsumerMember first = all.next();
        String regex = first.metadata().regex();
        if (regex != null && !first.metadata().topicNames().isEmpty()) {
            return false;
        }
        while (all.hasNext()) {
            ConsumerMember member = all.next();
            boolean sameRegex = regex == null
                    ? member.metadata().regex() == null
                    : regex.equals(member.metadata().regex());
            if (!sameRegex
                    || !member.metadata().topicNames().equals(first.metadata().topicNames())) {
                return false;
            }
        }
        return true;
    }

    /**
     * A number that changes when a topic that is subscribed to comes, goes or gets more partitions; 0 if none exists. Kafka's own
     * numbers for the same topics are others.
     */
    long metadataHash(ClusterImage image) {
        long hash = 0;
        for (String name : topicNames()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                hash = mix(hash ^ mix(topic.id().getMostSignificantBits()));
                hash = mix(hash ^ topic.id().getLeastSignificantBits());
                hash = mix(hash + topic.partitions().size());
            }
        }
        return hash;
    }

    /** Spreads every bit over all, as SplitMix64 does. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
