package io.milena.server.config;

import java.util.Map;

/** The rules that involve more than one broker setting. */
final class BrokerSettingsCheck {
    private static final long MIN_DEDUPE_BUFFER_BYTES = 1 << 20;

    private final BrokerSettings settings;

    BrokerSettingsCheck(BrokerSettings settings) {
        this.settings = settings;
    }

    void run() {
        if (!settings.processRoles().contains("broker")) {
            throw new InvalidSettingException("process.roles cannot be \"" + String.join(",", settings.processRoles())
                    + "\": a node of this version is always a broker");
        }
        if (settings.logDirs().isEmpty() || settings.logDirs().contains("")) {
            throw new InvalidSettingException("log.dirs must name at least one folder");
        }
        for (String name : Relatives.of("log.retention.ms")) {
            if (settings.has(name) && settings.longInteger(name) == 0) {
                throw new InvalidSettingException(
                        name + " cannot be 0: it takes a positive number, or -1 for no limit");
            }
        }
        int cleaners = settings.integer("log.cleaner.threads");
        if (cleaners > 0
                && settings.longInteger("log.cleaner.dedupe.buffer.size") / cleaners <= MIN_DEDUPE_BUFFER_BYTES) {
            throw new InvalidSettingException("log.cleaner.dedupe.buffer.size must be more than "
                    + MIN_DEDUPE_BUFFER_BYTES + " for each of the " + cleaners + " log.cleaner.threads");
        }
        settings.adminListener();
        TopicSettings.of(settings, Map.of());
        if (settings.connections().maxConnectionsPerIpOverrides().isEmpty()
                && settings.connections().maxConnectionsPerIp() == 0) {
            throw new InvalidSettingException(
                    "max.connections.per.ip can be 0 only with max.connections.per.ip.overrides");
        }
        notAbove("group.min.session.timeout.ms", "group.max.session.timeout.ms");
        notAbove("group.consumer.min.session.timeout.ms", "group.consumer.max.session.timeout.ms");
        notAbove("group.consumer.min.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms");
    }

    private void notAbove(String least, String most) {
        if (settings.longInteger(least) > settings.longInteger(most)) {
            throw new InvalidSettingException(least + " is " + settings.longInteger(least) + ", above " + most + " of "
                    + settings.longInteger(most));
        }
    }
}
