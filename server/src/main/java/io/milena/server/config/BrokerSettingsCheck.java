package io.milena.server.config;

import java.util.Map;

/** The rules that involve more than one broker setting. */
final class BrokerSettingsCheck {
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
        TopicSettings.of(settings, Map.of());
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
