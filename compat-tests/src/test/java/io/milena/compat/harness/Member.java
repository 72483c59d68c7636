package io.milena.compat.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A member of a consumer group in a process of its own, and its history as it told it. */
public final class Member implements AutoCloseable {

    private final String name;
    private final ClientProcess client;

    private Member(String name, ClientProcess client) {
        this.name = name;
        this.client = client;
    }

    /** Starts a member with the newest client; {@code settings} are of the form {@code name=value}. */
    public static Member start(String name, String topic, List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of(topic, "client.id=" + name));
        arguments.addAll(settings);
        return new Member(name, ClientProcess.start("4.3.1", "GroupMember", arguments));
    }

    /** The partitions it owns now. */
    public Set<Integer> assignment() {
        Set<Integer> owned = new TreeSet<>();
        for (String event : rebalances()) {
            if (event.startsWith("assigned")) {
                owned.addAll(partitions(event));
            } else {
                owned.removeAll(partitions(event));
            }
        }
        return owned;
    }

    /** Its assignments and revocations, in order. */
    public List<String> rebalances() {
        return client.lines().stream()
                .filter(line -> line.startsWith("assigned") || line.startsWith("revoked"))
                .toList();
    }

    /** The records it read, in order. */
    public List<Read> records() {
        List<Read> records = new ArrayList<>();
        int rebalances = 0;
        for (String line : client.lines()) {
            String[] words = line.split(" ");
            if (words[0].equals("record")) {
                int partition = Integer.parseInt(words[1]);
                records.add(new Read(partition, Long.parseLong(words[2]), words[3], rebalances));
            } else {
                rebalances++;
            }
        }
        return records;
    }

    /** {@code kill -9}. */
    public void kill() {
        client.process().kill();
    }

    /** Lets it leave the group, or just end when it is a static member, and waits until it is gone. */
    public void leave() {
        client.tell("x");
        int exit = client.process().awaitExit(java.time.Duration.ofSeconds(60));
        if (exit != 0) {
            throw new AssertionError(client.process().tail());
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return name + " " + assignment() + " read " + records().size() + " rebalances " + rebalances();
    }

    private static List<Integer> partitions(String event) {
        String numbers = event.substring(event.indexOf(' ') + 1);
        return numbers.isEmpty()
                ? List.of()
                : Arrays.stream(numbers.split(",")).map(Integer::valueOf).toList();
    }

    /** A record as a member read it; {@code period} counts the assignments and revocations before it. */
    public record Read(int partition, long offset, String value, int period) {}
}
