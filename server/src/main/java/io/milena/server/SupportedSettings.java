package io.milena.server;

import io.milena.server.config.BrokerSettings;
import io.milena.server.config.ConnectionSettings;
import io.milena.server.config.ListenerAddress;
import io.milena.server.config.SecurityProtocol;
import io.milena.server.network.ConnectionLimits;
import io.milena.server.network.NetworkSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What settings ask for, compared with what this version can do. */
final class SupportedSettings {
    private static final Logger LOG = LoggerFactory.getLogger(SupportedSettings.class);

    private static final int KAFKA_RECEIVE_BUFFER_BYTES = 102_400;

    private SupportedSettings() {}

    /** Refuses what cannot be done, and warns of what will not be done. */
    static void check(BrokerSettings settings) {
        if (!settings.processRoles().contains("controller")
                || settings.quorumVoters().size() > 1) {
            throw new BrokerStartException("the settings ask for a cluster of several nodes (process.roles,"
                    + " controller.quorum.voters): this version runs alone, as broker and controller");
        }
        if (!settings.authorizer().isEmpty()) {
            throw new BrokerStartException(
                    "the settings ask for an authorizer (authorizer.class.name): this version has"
                            + " none, and would let everybody do everything");
        }
        for (ListenerAddress listener : settings.listeners().clientListeners()) {
            SecurityProtocol protocol = settings.listeners().protocol(listener);
            if (protocol != SecurityProtocol.PLAINTEXT) {
                throw new BrokerStartException("the listener " + listener.name() + " asks for " + protocol
                        + ": this version serves PLAINTEXT only");
            }
            ListenerAddress advertised = settings.listeners().advertised(listener.name());
            if (advertised != null && isLocal(advertised.host()) && !isLocal(listener.host())) {
                LOG.warn(
                        "advertised.listeners names this machine only, clients elsewhere will not get further than the first"
                                + " connection: listener={} advertised={}",
                        listener,
                        advertised);
            }
        }
    }

    /** The controller's listeners that can be opened; one with a protection this version does not have is left out with a warning. */
    static List<ListenerAddress> controllerListeners(BrokerSettings settings) {
        List<ListenerAddress> served = new ArrayList<>();
        for (ListenerAddress listener : settings.listeners().controllerListeners()) {
            SecurityProtocol protocol = settings.listeners().protocol(listener);
            if (protocol == SecurityProtocol.PLAINTEXT) {
                served.add(listener);
            } else {
                LOG.warn(
                        "controller listener not opened, this version serves PLAINTEXT only: listener={} protocol={}",
                        listener,
                        protocol);
            }
        }
        return served;
    }

    /** How many connections there may be, within the limits of the machine. */
    static ConnectionLimits connections(ConnectionSettings settings, MachineLimits machine) {
        Map<InetAddress, Integer> overrides = new HashMap<>();
        settings.maxConnectionsPerIpOverrides().forEach((host, count) -> {
            try {
                overrides.put(InetAddress.getByName(host), count);
            } catch (UnknownHostException e) {
                LOG.warn("max.connections.per.ip.overrides names an unknown host, which is left out: host={}", host);
            }
        });
        return new ConnectionLimits(machine.connections(settings), settings.maxConnectionsPerIp(), overrides);
    }

    /** The network's limits, within those of the machine. */
    static NetworkSettings network(ConnectionSettings settings, MachineLimits machine) {
        NetworkSettings defaults = NetworkSettings.defaults();
        return new NetworkSettings(
                settings.requestMaxBytes(),
                settings.queuedMaxRequestBytes() > 0 ? settings.queuedMaxRequestBytes() : defaults.maxRequestBytes(),
                settings.idleMs(),
                connections(settings, machine),
                settings.listenBacklog(),
                settings.sendBufferBytes(),
                receiveBufferBytes(settings),
                defaults.closeTimeoutMs());
    }

    /**
     * Kafka's default, which its sample files repeat, makes large produce requests cost 1.4 times the time of the processor; then the system's
     * own choice is better. Another size is meant.
     */
    private static int receiveBufferBytes(ConnectionSettings settings) {
        return settings.receiveBufferBytes() == KAFKA_RECEIVE_BUFFER_BYTES
                ? NetworkSettings.SYSTEM_DEFAULT
                : settings.receiveBufferBytes();
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }
}
