package io.milena;

import io.micrometer.core.instrument.MeterRegistry;
import io.milena.server.Broker;
import io.milena.server.BrokerStartException;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A broker inside this process.
 *
 * <pre>{@code
 * try (Milena broker = Milena.start()) {
 *     properties.put("bootstrap.servers", broker.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Without further words it listens on a free port of 127.0.0.1 and keeps its data in a temporary folder, which goes when it is
 * closed. Groups need not wait for further members before their first assignment ({@code group.initial.rebalance.delay.ms=0}); all
 * other settings have Kafka's defaults until they are set. Any number of brokers can run in one process; they share nothing but the
 * pool that Netty takes buffers from. After {@link #close} none of its threads, files and sockets are left.
 *
 * <p>May be used from any thread; methods that start or stop wait until that is done.
 */
public final class Milena implements AutoCloseable {
    private static final String LISTENERS = "listeners";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String DATA_FOLDERS = "log.dirs";

    private final Map<String, String> settings;
    private final Map<String, InitialTopic> topics;
    private final @Nullable MeterRegistry meters;
    private final Folder folder;
    private String listeners;
    private @Nullable Broker broker;
    private boolean closed;

    private Milena(Builder builder) {
        settings = Map.copyOf(builder.settings);
        topics = new LinkedHashMap<>(builder.topics);
        meters = builder.meters;
        folder = builder.dataFolder == null ? Folder.fresh() : Folder.kept(builder.dataFolder);
        listeners = settings.getOrDefault(LISTENERS, "PLAINTEXT://" + builder.host + ":" + builder.port);
    }

    /** Starts a broker with a free port and a temporary folder; returns when clients can connect. */
    public static Milena start() {
        return builder().start();
    }

    /** A broker that is yet to be described. */
    public static Builder builder() {
        return new Builder();
    }

    /** What a client's {@code bootstrap.servers} takes: the first listener's address; throws IllegalStateException while it is stopped. */
    public String bootstrapServers() {
        return afterName(running().addresses().get(0));
    }

    /** The same for the listener of a name; throws IllegalArgumentException if there is no such listener. */
    public String bootstrapServers(String listenerName) {
        return running().addresses().stream()
                .filter(address -> address.startsWith(listenerName + "://"))
                .findFirst()
                .map(Milena::afterName)
                .orElseThrow(() -> new IllegalArgumentException("no such listener: " + listenerName));
    }

    /** The port of the first listener; it stays the same when the broker is started again. */
    public int port() {
        String address = bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Where the data lie. */
    public Path dataFolder() {
        return folder.path();
    }

    /**
     * Creates a topic with one replica and waits for it.
     *
     * @throws MilenaException if there is one of that name, or name, count or settings are not allowed
     */
    public synchronized void createTopic(String name, int partitions, Map<String, String> settings) {
        new InitialTopic(name, partitions, settings).create(running());
    }

    /** Creates a topic with one replica and the broker's settings, and waits for it. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Stops the broker and keeps its data, so that {@link #restart} can go on with them. Does nothing if it is stopped. */
    public synchronized void stop() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    /**
     * Stops the broker if it runs, and starts it with the same ports and data.
     *
     * @throws IllegalStateException if it was closed
     * @throws MilenaException if it cannot be started, because another process took its port meanwhile
     */
    public synchronized void restart() {
        if (closed) {
            throw new IllegalStateException("the broker was closed");
        }
        stop();
        open();
    }

    /** Stops the broker and deletes its data, unless they lie in a folder that was given. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        stop();
        folder.close();
    }

    private void open() {
        Map<String, String> all = new HashMap<>(Map.of("group.initial.rebalance.delay.ms", "0"));
        all.putAll(settings);
        all.put(LISTENERS, listeners);
        all.put(DATA_FOLDERS, folder.path().toString());
        try {
            Broker opened = meters == null
                    ? Broker.start(BrokerSettings.of(all))
                    : Broker.start(BrokerSettings.of(all), meters);
            broker = opened;
            listeners = withPortsOf(opened, listeners);
        } catch (BrokerStartException | InvalidSettingException e) {
            throw new MilenaException(String.valueOf(e.getMessage()), e);
        }
    }

    private void createTopics() {
        Broker opened = running();
        topics.values().forEach(topic -> topic.createIfAbsent(opened));
    }

    private synchronized Broker running() {
        if (broker == null) {
            throw new IllegalStateException("the broker is stopped");
        }
        return broker;
    }

    /** The list of listeners with the ports that were chosen in place of 0, for the next start. */
    private static String withPortsOf(Broker broker, String listeners) {
        Map<String, String> bound = new HashMap<>();
        broker.addresses().forEach(address -> bound.put(address.substring(0, address.indexOf(':')), address));
        StringBuilder fixed = new StringBuilder();
        for (String listener : listeners.split(",", -1)) {
            String text = listener.strip();
            String address = bound.get(text.substring(0, Math.max(0, text.indexOf(':'))));
            int port = text.lastIndexOf(':') + 1;
            fixed.append(fixed.isEmpty() ? "" : ",");
            fixed.append(
                    address == null ? text : text.substring(0, port) + address.substring(address.lastIndexOf(':') + 1));
        }
        return fixed.toString();
    }

    /** A broker on all addresses is reached through the machine's own. */
    private static String afterName(String address) {
        int port = address.lastIndexOf(':');
        String host = address.substring(address.indexOf("://") + "://".length(), port);
        boolean everywhere = host.equals("0.0.0.0") || host.equals("[0:0:0:0:0:0:0:0]");
        return (everywhere ? LOOPBACK : host) + address.substring(port);
    }

    /** What a broker is to be like, before it is started. For one thread. */
    public static final class Builder {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, InitialTopic> topics = new LinkedHashMap<>();
        private String host = LOOPBACK;
        private int port;
        private @Nullable Path dataFolder;
        private @Nullable MeterRegistry meters;

        private Builder() {}

        /** The port to listen on; 0, the default, takes a free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** The address to listen on, by default 127.0.0.1; {@code 0.0.0.0} lets other machines in. */
        public Builder host(String host) {
            this.host = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
            return this;
        }

        /** A folder for the data, created if absent, which stays when the broker is closed and can be given to the next one. */
        public Builder dataFolder(Path folder) {
            dataFolder = folder;
            return this;
        }

        /**
         * A setting under Kafka's name. Several listeners are set by {@code listeners}, which then goes before port and host.
         *
         * @throws IllegalArgumentException for the name of the data folder, see {@link #dataFolder}
         */
        public Builder set(String name, String value) {
            if (name.equals(DATA_FOLDERS) || name.equals("log.dir")) {
                throw new IllegalArgumentException(name + " is set by dataFolder");
            }
            settings.put(name, value);
            return this;
        }

        /** Several settings under Kafka's names. */
        public Builder set(Map<String, String> values) {
            values.forEach(this::set);
            return this;
        }

        /** A topic that is there when the broker is started, with one replica and the broker's settings. */
        public Builder topic(String name, int partitions) {
            return topic(name, partitions, Map.of());
        }

        /** A topic that is there when the broker is started; one that the folder already has stays as it is. */
        public Builder topic(String name, int partitions, Map<String, String> settings) {
            topics.put(name, new InitialTopic(name, partitions, settings));
            return this;
        }

        /** Where the broker's meters are registered; they are taken out again when it stops. By default nobody sees them. */
        public Builder meterRegistry(MeterRegistry registry) {
            meters = Objects.requireNonNull(registry);
            return this;
        }

        /**
         * Starts the broker; returns when clients can connect and the topics are there.
         *
         * @throws MilenaException if the port or the folder is taken, or a setting or a topic is not allowed
         */
        public Milena start() {
            Milena milena = new Milena(this);
            boolean started = false;
            try {
                milena.open();
                milena.createTopics();
                started = true;
                return milena;
            } finally {
                if (!started) {
                    milena.close();
                }
            }
        }
    }
}
