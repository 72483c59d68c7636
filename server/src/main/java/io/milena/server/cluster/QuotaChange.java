package io.milena.server.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wish to change quotas of somebody; those that are not named stay as they are. */
public record QuotaChange(QuotaEntity entity, List<Operation> operations) {
    public QuotaChange {
        operations = List.copyOf(operations);
    }

    /** @param value null takes the quota away */
    public record Operation(String quota, @Nullable Double value) {}
}
