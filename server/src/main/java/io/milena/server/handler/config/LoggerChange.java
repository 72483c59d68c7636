package io.milena.server.handler.config;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.ConfigChange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes levels of this broker's log (KIP-412). They last until the broker stops. */
final class LoggerChange {
    private static final Set<String> VALID = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");

    private final LoggerLevels loggers;
    private final String ownName;

    /** @param ownName the number of this broker */
    LoggerChange(LoggerLevels loggers, String ownName) {
        this.loggers = loggers;
        this.ownName = ownName;
    }

    /** Makes all changes, or none of them if one cannot be made. An operation is null if there is no such operation. */
    ChangeResult run(String broker, List<ConfigChange.@Nullable Operation> operations, boolean validateOnly) {
        if (!broker.equals(ownName)) {
            return refused(ErrorCode.INVALID_REQUEST, "This is broker " + ownName + ".");
        }
        Set<String> known = loggers.levels().keySet();
        for (ConfigChange.Operation operation : operations) {
            ChangeResult refusal = refusal(operation, known);
            if (refusal != null) {
                return refusal;
            }
        }
        if (!validateOnly) {
            operations.forEach(this::apply);
        }
        return ChangeResult.DONE;
    }

    private static @Nullable ChangeResult refusal(ConfigChange.@Nullable Operation operation, Set<String> known) {
        if (operation == null
                || operation.action() == ConfigChange.Action.APPEND
                || operation.action() == ConfigChange.Action.SUBTRACT) {
            return refused(ErrorCode.INVALID_REQUEST, "A level can be set or deleted, nothing else.");
        }
        if (!known.contains(operation.setting())) {
            return refused(ErrorCode.INVALID_CONFIG, "There is no logger " + operation.setting() + ".");
        }
        if (operation.action() == ConfigChange.Action.DELETE) {
            return operation.setting().equals(LoggerLevels.ROOT)
                    ? refused(ErrorCode.INVALID_REQUEST, "The root logger needs a level.")
                    : null;
        }
        String level = operation.value();
        return level != null && VALID.contains(level)
                ? null
                : refused(
                        ErrorCode.INVALID_CONFIG,
                        "There is no level " + level + ", only TRACE, DEBUG, INFO, WARN, ERROR, FATAL.");
    }

    private void apply(ConfigChange.@Nullable Operation operation) {
        if (operation == null) {
            return;
        }
        String level = operation.value();
        if (operation.action() == ConfigChange.Action.SET && level != null) {
            loggers.set(operation.setting(), level);
        } else {
            loggers.unset(operation.setting());
        }
    }

    private static ChangeResult refused(ErrorCode error, String message) {
        return new ChangeResult(error, message);
    }
}
