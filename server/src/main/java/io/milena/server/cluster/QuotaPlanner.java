package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Decides what quotas would be after a change, or why they cannot be (KIP-546). Touches nothing, but looks up hosts by their name. */
final class QuotaPlanner {
    /** The largest value of each quota of users and clients; those without a fraction are listed in {@link #WHOLE}. */
    private static final Map<String, Double> OF_CLIENTS = Map.of(
            "producer_byte_rate",
            (double) Long.MAX_VALUE,
            "consumer_byte_rate",
            (double) Long.MAX_VALUE,
            "request_percentage",
            Double.MAX_VALUE,
            "controller_mutation_rate",
            Double.MAX_VALUE);

    private static final Map<String, Double> OF_ADDRESSES =
            Map.of("connection_creation_rate", (double) Integer.MAX_VALUE);
    private static final Set<String> WHOLE =
            Set.of("producer_byte_rate", "consumer_byte_rate", "connection_creation_rate");
    private static final double ROUNDING = 1e-6;

    private QuotaPlanner() {}

    /** The record that makes the change in a cluster that looks like {@code image}; throws {@link TopicRefusal}. */
    static Message plan(ClusterImage image, QuotaChange change) {
        QuotaEntity entity = change.entity();
        checkParts(entity);
        Map<String, Double> allowed = entity.types().contains(QuotaEntity.IP) ? OF_ADDRESSES : OF_CLIENTS;
        Map<String, Double> quotas = new HashMap<>(image.quotas(entity));
        Set<String> seen = new HashSet<>();
        for (QuotaChange.Operation operation : change.operations()) {
            String quota = operation.quota();
            if (!seen.add(quota)) {
                throw invalid("The quota " + quota + " is in the request more than once.");
            }
            Double value = operation.value();
            if (value == null) {
                quotas.remove(quota);
            } else {
                check(allowed, quota, value);
                quotas.put(quota, value);
            }
        }
        return ImageReplay.record(entity, quotas);
    }

    private static void checkParts(QuotaEntity entity) {
        Set<String> types = entity.types();
        if (types.isEmpty()) {
            throw invalid("Nobody is named that the quotas are for.");
        }
        for (QuotaEntity.Part part : entity.parts()) {
            if (!QuotaEntity.TYPES.contains(part.type())) {
                throw invalid("There is no entity type " + part.type() + ".");
            }
            String name = part.name();
            if (name != null && name.isEmpty()) {
                throw invalid("The name of a " + part.type() + " cannot be empty.");
            }
            if (part.type().equals(QuotaEntity.IP) && name != null) {
                checkHost(name);
            }
        }
        if (types.contains(QuotaEntity.IP) && types.size() > 1) {
            throw invalid("An ip cannot be combined with a user or a client.");
        }
    }

    private static void checkHost(String name) {
        try {
            InetAddress.getByName(name);
        } catch (UnknownHostException e) {
            throw invalid(name + " is neither an address nor a host that can be found.");
        }
    }

    private static void check(Map<String, Double> allowed, String quota, double value) {
        Double most = allowed.get(quota);
        if (most == null) {
            throw invalid("There is no quota " + quota + " for those named.");
        }
        if (!(value > 0 && value <= most)) {
            throw invalid(quota + " cannot be " + value + ": it takes a number above 0, up to " + most + ".");
        }
        if (WHOLE.contains(quota) && value % 1 > ROUNDING) {
            throw invalid(quota + " cannot be " + value + ": it takes a whole number.");
        }
    }

    private static TopicRefusal invalid(String message) {
        return new TopicRefusal(ErrorCode.INVALID_REQUEST, message);
    }
}
