package io.milena.compat.harness;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Counts how often a broker was compared with the reference in one run of the tests, and how often they agreed; printed at the end. */
final class Agreements implements AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.create(Agreements.class);

    private final Map<Kind, LongAdder> compared = new ConcurrentHashMap<>();
    private final Map<Kind, LongAdder> agreed = new ConcurrentHashMap<>();

    /** What was compared. */
    enum Kind {
        /** What a tool printed. */
        TOOL,
        /** The response to one request in one version. */
        REQUEST,
        /** The result of a call of the admin client. */
        CALL
    }

    /** The count of the run that {@code context} belongs to. */
    static Agreements of(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Agreements.class, type -> new Agreements(), Agreements.class);
    }

    /** Counts one comparison; returns whether it agreed. */
    boolean compared(Kind kind, boolean same) {
        compared.computeIfAbsent(kind, ignored -> new LongAdder()).increment();
        if (same) {
            agreed.computeIfAbsent(kind, ignored -> new LongAdder()).increment();
        }
        return same;
    }

    @Override
    public void close() {
        System.out.println("differential cases: " + this);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        long all = 0;
        long same = 0;
        for (Kind kind : Kind.values()) {
            long ofKind = sum(compared, kind);
            long sameOfKind = sum(agreed, kind);
            text.append(kind)
                    .append(' ')
                    .append(sameOfKind)
                    .append('/')
                    .append(ofKind)
                    .append(' ');
            all += ofKind;
            same += sameOfKind;
        }
        return text + "all " + same + "/" + all + " agree";
    }

    private static long sum(Map<Kind, LongAdder> counts, Kind kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }
}
