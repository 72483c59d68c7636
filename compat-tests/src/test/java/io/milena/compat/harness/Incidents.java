package io.milena.compat.harness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What befalls a long run, such as kills and restarts, in an order and at moments that a seed fixes: most come when a random part of the
 * work is done, some soon after the one before, while its consequences last. Prints each one, and how long it took until there
 * were results again. For one thread, which calls {@link #tend} again and again.
 */
public final class Incidents {

    private static final long NANOS_PER_MS = 1_000_000;
    private static final int LONGEST_PAUSE_MS = 8_000;
    private static final double FIRST = 0.02;
    private static final double LAST = 0.95;

    private final String run;
    private final Random random;
    private final long startNanos = System.nanoTime();
    private final List<Planned> planned = new ArrayList<>();
    private final Deque<Planned> coming = new ArrayDeque<>();
    private final Map<String, List<Long>> recoveriesMs = new TreeMap<>();
    private @Nullable Planned last;
    private long lastEndNanos;
    private long lastDownMs;
    private long resultsAtLast;
    private int caused;

    /** Nothing yet. The run's name is printed with everything. */
    public Incidents(String run, long seed) {
        this.run = run;
        this.random = new Random(seed);
        System.out.println(run + ": seed " + seed);
    }

    /** Adds a kind of incident that happens a number of times; the action returns when all that was ended is started again. */
    public Incidents add(String name, int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            planned.add(new Planned(name, action, 0, 0));
        }
        return this;
    }

    /** Fixes order and moments; after it nothing is added. */
    public Incidents plan() {
        Collections.shuffle(planned, random);
        double[] points = random.doubles(planned.size(), FIRST, LAST).sorted().toArray();
        for (int i = 0; i < points.length; i++) {
            boolean soon = i > 0 && random.nextInt(3) == 0;
            coming.add(new Planned(
                    planned.get(i).name(),
                    planned.get(i).action(),
                    soon ? 0 : points[i],
                    soon ? random.nextInt(LONGEST_PAUSE_MS) : 0));
        }
        return this;
    }

    /** Causes the next incident if its moment has come; {@code done} is the part of the work that is done, from 0 to 1. */
    public void tend(double done, LongSupplier results) {
        noteRecovery(results.getAsLong());
        Planned next = coming.peek();
        if (next == null || done < next.point() || elapsedMs(lastEndNanos) < next.pauseMs()) {
            return;
        }
        coming.remove();
        if (last != null) {
            say("no results in between");
        }
        last = next;
        caused++;
        say(String.format(Locale.ROOT, "%s at %.1f %%, %d results", next.name(), 100 * done, results.getAsLong()));
        long start = System.nanoTime();
        next.action().run();
        lastEndNanos = System.nanoTime();
        lastDownMs = (lastEndNanos - start) / NANOS_PER_MS;
        resultsAtLast = results.getAsLong();
    }

    /** Whether all have happened. */
    public boolean over() {
        return coming.isEmpty();
    }

    /** How often and for how long there were no results after each kind, in one line. */
    public String report() {
        StringBuilder text =
                new StringBuilder(run + ": " + elapsedMs(startNanos) / 1000 + " s, " + caused + " incidents");
        recoveriesMs.forEach((name, times) -> {
            List<Long> sorted = times.stream().sorted().toList();
            text.append("; results again after ").append(name).append(", ms: median ");
            text.append(sorted.get(sorted.size() / 2)).append(", all ").append(sorted);
        });
        return text.toString();
    }

    /** Prints something with the run's name and time. */
    public void say(String text) {
        System.out.printf(Locale.ROOT, "%s: %6.1f s: %s%n", run, elapsedMs(startNanos) / 1000.0, text);
    }

    private void noteRecovery(long results) {
        if (last != null && results > resultsAtLast) {
            long againMs = elapsedMs(lastEndNanos);
            recoveriesMs.computeIfAbsent(last.name(), name -> new ArrayList<>()).add(againMs);
            say("started again in " + lastDownMs + " ms, results " + againMs + " ms after that");
            last = null;
        }
    }

    private static long elapsedMs(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis();
    }

    private record Planned(String name, Runnable action, double point, int pauseMs) {}
}
