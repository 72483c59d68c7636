package io.milena.server.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the broker listens and what it advertises. Checked as a whole when made. */
public final class ListenerSettings {
    private static final List<String> PROTOCOL_NAMES =
            Arrays.stream(SecurityProtocol.values()).map(Enum::name).toList();

    /** Hosts that stand for all of a machine's addresses, and for none that a client could connect to. */
    private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private final List<ListenerAddress> clientListeners;
    private final List<ListenerAddress> controllerListeners;
    private final Map<String, SecurityProtocol> protocols;
    private final Map<String, ListenerAddress> advertised;

    ListenerSettings(BrokerSettings settings) {
        List<ListenerAddress> all = ListenerAddress.parseAll("listeners", settings.list("listeners"));
        Set<String> controllerNames = upperCase(settings.list("controller.listener.names"));
        clientListeners = all.stream()
                .filter(listener -> !controllerNames.contains(listener.name()))
                .toList();
        controllerListeners = all.stream()
                .filter(listener -> controllerNames.contains(listener.name()))
                .toList();
        protocols = protocols(settings);
        advertised = advertised(settings);
        check();
    }

    /** The listeners that serve clients and other brokers; at least one. */
    public List<ListenerAddress> clientListeners() {
        return clientListeners;
    }

    /** The listeners that are named as the controller's. */
    public List<ListenerAddress> controllerListeners() {
        return controllerListeners;
    }

    /** How connections of a listener are protected; those of a controller not at all unless the map says so. */
    public SecurityProtocol protocol(ListenerAddress listener) {
        SecurityProtocol protocol = protocols.get(listener.name());
        if (protocol == null && controllerListeners.contains(listener)) {
            return SecurityProtocol.PLAINTEXT;
        }
        if (protocol == null) {
            throw new InvalidSettingException("listener.security.protocol.map has no entry for the listener "
                    + listener.name() + ": add " + listener.name() + ":PLAINTEXT");
        }
        return protocol;
    }

    /** What clients of a listener are told to connect to; null if nothing was set for it. */
    public @Nullable ListenerAddress advertised(String listenerName) {
        return advertised.get(listenerName);
    }

    private void check() {
        if (clientListeners.isEmpty()) {
            throw new InvalidSettingException("listeners must name at least one listener that is not the controller's");
        }
        Set<String> places = new HashSet<>();
        for (ListenerAddress listener : clientListeners) {
            protocol(listener);
            if (listener.port() != 0 && !places.add(listener.host() + " " + listener.port())) {
                throw new InvalidSettingException("listeners uses the port " + listener.port() + " twice");
            }
        }
        for (ListenerAddress address : advertised.values()) {
            if (EVERYWHERE.contains(address.host())) {
                throw new InvalidSettingException("advertised.listeners cannot be \"" + address
                        + "\": clients need a host they can reach; leave it unset to advertise what each client used");
            }
        }
    }

    private Map<String, ListenerAddress> advertised(BrokerSettings settings) {
        if (!settings.has("advertised.listeners")) {
            return Map.of();
        }
        Map<String, ListenerAddress> byName = new HashMap<>();
        for (ListenerAddress address :
                ListenerAddress.parseAll("advertised.listeners", settings.list("advertised.listeners"))) {
            byName.put(address.name(), address);
        }
        return byName;
    }

    private static Map<String, SecurityProtocol> protocols(BrokerSettings settings) {
        Map<String, SecurityProtocol> protocols = new HashMap<>();
        for (String entry : settings.text("listener.security.protocol.map").split(",", -1)) {
            String[] nameAndProtocol = entry.trim().toUpperCase(Locale.ROOT).split(":", -1);
            if (nameAndProtocol.length != 2 || !PROTOCOL_NAMES.contains(nameAndProtocol[1])) {
                throw new InvalidSettingException("listener.security.protocol.map cannot be \"" + entry
                        + "\": it takes NAME:PROTOCOL with one of " + String.join(", ", PROTOCOL_NAMES));
            }
            protocols.put(nameAndProtocol[0], SecurityProtocol.valueOf(nameAndProtocol[1]));
        }
        return protocols;
    }

    private static Set<String> upperCase(List<String> names) {
        Set<String> upper = new HashSet<>();
        for (String name : names) {
            upper.add(name.toUpperCase(Locale.ROOT));
        }
        return upper;
    }
}
