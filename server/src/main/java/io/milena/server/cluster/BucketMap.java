package io.milena.server.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of which a changed copy is cheap: entries live in a fixed number of small maps, and a change copies one of them
 * and the array that points to them. Any thread may read it.
 */
final class BucketMap<K, V> {
    private static final int BUCKETS = 512;

    private final List<Map<K, V>> buckets;
    private final int size;

    private BucketMap(List<Map<K, V>> buckets, int size) {
        this.buckets = buckets;
        this.size = size;
    }

    /** The map without entries. */
    static <K, V> BucketMap<K, V> empty() {
        List<Map<K, V>> buckets = new ArrayList<>(BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(Map.of());
        }
        return new BucketMap<>(buckets, 0);
    }

    int size() {
        return size;
    }

    @Nullable
    V get(K key) {
        return buckets.get(bucket(key)).get(key);
    }

    /** This map with one entry added or replaced. */
    BucketMap<K, V> with(K key, V value) {
        Map<K, V> changed = new HashMap<>(buckets.get(bucket(key)));
        int growth = changed.put(key, value) == null ? 1 : 0;
        return with(bucket(key), changed, size + growth);
    }

    /** This map without the entry of {@code key}. */
    BucketMap<K, V> without(K key) {
        Map<K, V> bucket = buckets.get(bucket(key));
        if (!bucket.containsKey(key)) {
            return this;
        }
        Map<K, V> changed = new HashMap<>(bucket);
        changed.remove(key);
        return with(bucket(key), changed, size - 1);
    }

    /** All values, in no order. */
    Collection<V> values() {
        List<V> values = new ArrayList<>(size);
        for (Map<K, V> bucket : buckets) {
            values.addAll(bucket.values());
        }
        return values;
    }

    /** The values that an earlier version of this map did not hold, in no order. Costs as much as differs between the two. */
    Collection<V> changedSince(BucketMap<K, V> earlier) {
        List<V> changed = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            Map<K, V> before = earlier.buckets.get(i);
            Map<K, V> now = buckets.get(i);
            if (!isSame(before, now)) {
                now.forEach((key, value) -> {
                    if (!value.equals(before.get(key))) {
                        changed.add(value);
                    }
                });
            }
        }
        return changed;
    }

    @SuppressWarnings("ReferenceEquality") // a bucket that did not change is shared by the versions
    private static boolean isSame(Map<?, ?> one, Map<?, ?> other) {
        return one == other;
    }

    private BucketMap<K, V> with(int index, Map<K, V> bucket, int newSize) {
        List<Map<K, V>> changed = new ArrayList<>(buckets);
        changed.set(index, bucket);
        return new BucketMap<>(changed, newSize);
    }

    private static int bucket(Object key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & BUCKETS - 1;
    }
}
