package io.milena.compat.harness;

import io.milena.compat.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A group whose members, of several languages, come and go, and the history they write. One thread. */
public final class ChurnGroup implements AutoCloseable {

    /** Who a member is: its language and the protocol it speaks. */
    public record Kind(ClientLanguage language, String protocol) {}

    /** What happens to a group. */
    public enum Fault {
        /** A member more. */
        JOINED,
        /** A member says good-bye; its successor comes soon. */
        LEFT,
        /** SIGKILL; its successor comes soon. */
        KILLED,
        /** SIGSTOP, beyond the timeout of the session. */
        STOPPED,
        /** It does not poll, beyond {@code max.poll.interval.ms}. */
        NOT_POLLING
    }

    private record Later(long dueNanos, Runnable action) {}

    private record Member(Kind kind, HistoryActor actor) {}

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int MOST_MEMBERS = 8;
    private static final int BEYOND_TIMEOUTS_MS = 13_000;
    private static final int LONGEST_ABSENCE_MS = 2_000;

    private final RunningBroker broker;
    private final String group;
    private final String subscription;
    private final List<Kind> kinds;
    private final Random random;
    private final History history = new History();
    private final List<Member> present = new ArrayList<>();
    private final List<HistoryActor> all = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();

    /** A group without members; a subscription that begins with {@code ^} is a pattern. */
    public ChurnGroup(RunningBroker broker, String group, String subscription, List<Kind> kinds, Random random) {
        this.broker = broker;
        this.group = group;
        this.subscription = subscription;
        this.kinds = kinds;
        this.random = random;
    }

    /** The group's name. */
    public String name() {
        return group;
    }

    /** One member of each kind. */
    public ChurnGroup start() {
        kinds.forEach(this::join);
        return this;
    }

    /** Waits until each member has read something or others left nothing to it. */
    public void awaitWork() {
        Waiting.until(
                "work of " + group,
                TIMEOUT,
                () -> {
                    tend();
                    return present.stream().allMatch(each -> each.actor.bytes() > 0);
                },
                this::toString);
    }

    /** Lets something happen. */
    public void cause(Fault fault) {
        if (fault == Fault.JOINED || present.size() < 2) {
            if (present.size() < MOST_MEMBERS) {
                join(kinds.get(random.nextInt(kinds.size())));
            }
            return;
        }
        Member member = present.remove(random.nextInt(present.size()));
        switch (fault) {
            case LEFT -> {
                member.actor.tell("leave");
                succeed(member);
            }
            case KILLED -> {
                held(member);
                member.actor.newest().kill();
                succeed(member);
            }
            case STOPPED -> {
                held(member);
                member.actor.newest().suspend();
                comeBack(member, member.actor.newest()::resume);
            }
            default -> {
                member.actor.tell("hold " + BEYOND_TIMEOUTS_MS);
                comeBack(member, () -> {});
            }
        }
    }

    /** Does what is due; fails when a member has given up. */
    public void tend() {
        long now = System.nanoTime();
        List<Later> due = later.stream().filter(each -> each.dueNanos <= now).toList();
        later.removeAll(due);
        due.forEach(each -> each.action.run());
        present.stream().filter(each -> !each.actor.newest().alive()).forEach(each -> {
            throw new AssertionError("gave up: " + each.actor);
        });
    }

    /** Whether nobody is held up or still to come. */
    public boolean settled() {
        return later.isEmpty();
    }

    /** Lets all leave and returns what they wrote. */
    public History finish() {
        present.forEach(each -> each.actor.tell("leave"));
        present.clear();
        all.forEach(each -> each.newest().awaitExit(TIMEOUT));
        all.forEach(each -> each.addTo(history));
        return history;
    }

    private void join(Kind kind) {
        String name = group + "-" + kind.language.name().toLowerCase(Locale.ROOT) + "-" + all.size();
        String commits = random.nextBoolean() ? "sync" : "async";
        HistoryActor actor = new HistoryActor(
                name,
                kind.language::member,
                broker,
                List.of(group, subscription, kind.protocol, commits),
                random.nextLong());
        actor.start();
        all.add(actor);
        present.add(new Member(kind, actor));
    }

    private void succeed(Member member) {
        later(random.nextInt(LONGEST_ABSENCE_MS), () -> join(member.kind));
    }

    private void comeBack(Member member, Runnable action) {
        later(BEYOND_TIMEOUTS_MS, () -> {
            action.run();
            present.add(member);
        });
    }

    private void held(Member member) {
        history.add(member.actor.newestName(), List.of("held " + System.nanoTime()));
    }

    private void later(int afterMs, Runnable action) {
        later.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(afterMs), action));
    }

    @Override
    public void close() {
        all.forEach(HistoryActor::close);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(group);
        present.forEach(each -> text.append('\n').append(each.kind).append(' ').append(each.actor));
        return text.toString();
    }
}
