package io.milena.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names in a folder of a {@link SimulatedDisk}. Changes of one folder become durable in their order, as journaling file
 * systems have it; a loss of power takes the last ones since the folder was flushed. Guarded by the disk.
 */
final class SimulatedFolder implements SimulatedNode {
    private TreeMap<String, SimulatedNode> seen = new TreeMap<>();
    private final TreeMap<String, SimulatedNode> durable = new TreeMap<>();
    private final List<Consumer<Map<String, SimulatedNode>>> unsynced = new ArrayList<>();

    @Nullable
    SimulatedNode get(String name) {
        return seen.get(name);
    }

    List<String> names() {
        return new ArrayList<>(seen.keySet());
    }

    void add(String name, SimulatedNode node) {
        change(names -> names.put(name, node));
    }

    void remove(String name) {
        change(names -> names.remove(name));
    }

    void rename(String from, String to) {
        change(names -> {
            SimulatedNode node = names.remove(from);
            if (node != null) {
                names.put(to, node);
            }
        });
    }

    private void change(Consumer<Map<String, SimulatedNode>> change) {
        change.accept(seen);
        unsynced.add(change);
    }

    void force() {
        keep(unsynced.size());
    }

    private void keep(int changes) {
        unsynced.subList(0, changes).forEach(change -> change.accept(durable));
        unsynced.subList(0, changes).clear();
    }

    @Override
    public void losePower(Random random) {
        keep(random.nextInt(unsynced.size() + 1));
        unsynced.clear();
        seen = new TreeMap<>(durable);
        seen.values().forEach(node -> node.losePower(random));
    }
}
