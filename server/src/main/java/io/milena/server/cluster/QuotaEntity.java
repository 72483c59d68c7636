package io.milena.server.cluster;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom quotas are for: a user, a client, a client of a user, or an address (KIP-546).
 *
 * @param parts by ascending type
 */
public record QuotaEntity(List<Part> parts) {
    public static final String USER = "user";
    public static final String CLIENT_ID = "client-id";
    public static final String IP = "ip";

    /** What a part may be. */
    public static final Set<String> TYPES = Set.of(USER, CLIENT_ID, IP);

    public QuotaEntity {
        parts = parts.stream().sorted(Comparator.comparing(Part::type)).toList();
    }

    /**
     * One property of the clients meant.
     *
     * @param name null for all that have no quota of their own
     */
    public record Part(String type, @Nullable String name) {}

    /** Their types. */
    public Set<String> types() {
        Set<String> types = new HashSet<>();
        parts.forEach(part -> types.add(part.type()));
        return types;
    }
}
