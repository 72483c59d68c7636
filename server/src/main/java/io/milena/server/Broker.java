package io.milena.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.milena.log.DamageLog;
import io.milena.log.LogContext;
import io.milena.log.segment.OpenFiles;
import io.milena.server.cluster.BrokerImage;
import io.milena.server.cluster.ChangeLog;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.Endpoint;
import io.milena.server.cluster.LocalMetadataLog;
import io.milena.server.cluster.MetadataException;
import io.milena.server.cluster.NewTopic;
import io.milena.server.cluster.TopicResult;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.ListenerAddress;
import io.milena.server.config.ListenerSettings;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.network.EventLoops;
import io.milena.server.network.Listener;
import io.milena.server.network.Network;
import io.milena.server.network.NetworkSettings;
import io.milena.server.network.RequestLog;
import io.milena.server.network.http.HttpListener;
import io.milena.server.partition.OfflineReplicas;
import io.milena.server.partition.PartitionCompaction;
import io.milena.server.partition.PartitionContext;
import io.milena.server.partition.PartitionDisk;
import io.milena.server.partition.PartitionStore;
import io.milena.server.partition.PartitionUpkeep;
import io.milena.server.partition.Partitions;
import io.milena.server.partition.ReplicaMoves;
import io.milena.server.partition.session.ColdReads;
import io.milena.server.partition.session.FetchSessions;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DataFolderException;
import io.milena.server.storage.DataFolders;
import io.milena.server.storage.FolderCheck;
import io.milena.server.strand.BrokerTimers;
import io.milena.server.strand.Strand;
import io.milena.server.strand.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker, from its settings to its open ports. Made by {@link #start}, which returns when clients can connect; ended by
 * {@link #close}, which answers the requests in progress and leaves a folder that can be opened without recovery.
 */
public final class Broker implements AutoCloseable {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /**
     * Partitions that are made durable at a time. They do nothing but wait for the disk, and a disk that is asked for many files at a time
     * writes its journal once for all of them.
     */
    private static final int FLUSH_THREADS = 64;

    private final BrokerSettings settings;
    private final Lifecycle lifecycle = new Lifecycle();
    private final BrokerWatch watch = lifecycle.opened("meters", new BrokerWatch());
    private final DamageLog damage = new DamageLog(watch.damage());
    private final Map<String, BackgroundThreads> threads = new LinkedHashMap<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final List<Listener> listeners = new ArrayList<>();

    private @Nullable Controller controller;
    private @Nullable HttpListener adminPort;

    private Broker(BrokerSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts a broker that nobody measures, unless through its admin port.
     *
     * @throws BrokerStartException if the folder or a port is taken, or the settings ask for what this version cannot do
     */
    public static Broker start(BrokerSettings settings) {
        return start(new Broker(settings));
    }

    /**
     * Starts a broker.
     *
     * @param registry gets the broker's meters, which leave it when the broker is closed; belongs to the caller, and to no second broker
     *     at the same time, whose meters would have the same names
     * @throws BrokerStartException if the folder or a port is taken, or the settings ask for what this version cannot do
     */
    public static Broker start(BrokerSettings settings, MeterRegistry registry) {
        Broker broker = new Broker(settings);
        broker.watch.showIn(registry);
        return start(broker);
    }

    private static Broker start(Broker broker) {
        try {
            SupportedSettings.check(broker.settings);
            broker.open();
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** The port a listener is bound to; throws IllegalArgumentException if there is no such listener. */
    public int port(String listenerName) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(listenerName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such listener: " + listenerName))
                .address()
                .getPort();
    }

    /** Where it listens, one text such as PLAINTEXT://0.0.0.0:9092 for each listener. */
    public List<String> addresses() {
        return listeners.stream()
                .map(listener -> new ListenerAddress(
                                listener.name(),
                                listener.address().getAddress().getHostAddress(),
                                listener.address().getPort())
                        .toString())
                .toList();
    }

    /** Creates topics, each on its own; completes when they are there for clients, or with what is wrong. */
    public CompletionStage<List<TopicResult>> createTopics(List<NewTopic> wishes) {
        return Objects.requireNonNull(controller, "not open").createTopics(wishes, Controller.Mode.APPLY);
    }

    /** Where metrics and health are served, if {@code milena.admin.listener} is set. */
    public Optional<InetSocketAddress> adminAddress() {
        return Optional.ofNullable(adminPort).map(HttpListener::address);
    }

    /** Completes when the broker cannot go on, because all its data folders failed, or the metadata's; it should be closed then. */
    public CompletionStage<Void> lost() {
        return lost.minimalCompletionStage();
    }

    /** Stops; a second call does nothing. */
    @Override
    public void close() {
        watch.stopping();
        lifecycle.stop();
    }

    private void open() {
        DataFolders folders = lifecycle.opened("data folders", openFolders());
        Executor background = threads("background", settings.backgroundThreads());
        folders.online().forEach(folder -> folder.directory().removeDeleted(background));
        MachineLimits machine =
                MachineLimits.of(folders.online().stream().map(DataFolder::path).toList());
        OpenFiles openFiles = machine.openFiles(background);
        BrokerTimers timers = lifecycle.opened("timers", new BrokerTimers());
        EventLoops loops = lifecycle.opened(
                "event loops", new EventLoops(settings.connections().threads()));
        openAdminPort(loops, timers, background);
        ClusterImage beginning = beginning(folders.clusterId());
        FolderCheck check = lifecycle.opened("folder check", new FolderCheck(folders, timers, background));
        Controller controller = controller(beginning, metadataLog(folders.metadata(), check, background, openFiles));
        PartitionStore store = new PartitionStore(
                controller::settings,
                folders,
                directory -> directory.context(CLOCK, background, openFiles, damage),
                name -> new Strand(name, loops.next()),
                shared(timers, background),
                check::suspect);
        Partitions partitions =
                new Partitions(settings.nodeId(), store, background, settings.recoveryThreadsPerLogDir(), beginning);
        controller.subscribe(partitions);
        PartitionCompaction compaction = new PartitionCompaction(partitions, controller::settings, timers, background);
        controller.subscribe(compaction);
        GroupCoordinator groups = GroupCoordinator.create(settings.groups(), controller, timers, CLOCK, background);
        partitions.subscribe(groups.host());
        controller.subscribe(groups);
        BrokerTransactions transactions = BrokerTransactions.create(
                settings.transactions(),
                new TransactionCoordinator.Surroundings(controller, timers, CLOCK, background),
                controller,
                partitions,
                groups,
                new Strand("producer ids", loops.next()));
        lifecycle.opened(
                "partitions", () -> partitions.close().toCompletableFuture().join());
        await(controller.start().thenCompose(done -> controller.epochsFound(partitions.laterEpochs())));
        watch(folders, check, new OfflineReplicas(partitions, timers, controller::leadersLost));
        machine.report(settings.connections(), partitions.all().size());
        lifecycle
                .opened("upkeep", new PartitionUpkeep(partitions, store, timers, background))
                .start(settings);
        lifecycle.opened("compaction", compaction).start();
        AdminHandlers admin = new AdminHandlers(settings, controller, timers, CLOCK);
        BrokerHandlers handlers = new BrokerHandlers(
                settings,
                controller,
                partitions,
                lifecycle.opened("moves", ReplicaMoves.resumed(partitions, store, background)),
                groups,
                transactions,
                admin,
                sessions(background),
                timers,
                background);
        Network network = serve(handlers, machine, loops);
        watch.measure(new BrokerParts(handlers, openFiles, compaction, threads, loops, network, clientListeners()));
    }

    private Network serve(BrokerHandlers handlers, MachineLimits machine, EventLoops loops) {
        NetworkSettings limits =
                SupportedSettings.network(handlers.controller().settings().connections(), machine);
        Network network = lifecycle.opened(
                "network", new Network(limits, loops, handlers.timers(), handlers.all(), requestLog()));
        lifecycle.opened("transactions", handlers.transactions().coordinator());
        lifecycle.opened("groups", handlers.groups()); // closed before the network waits for the answers to joins
        follow(network, handlers.controller(), machine);
        listen(network, settings.listeners().clientListeners(), listeners);
        listenForControllers(handlers.admin(), machine, loops, handlers.timers());
        return network;
    }

    private FetchSessions sessions(Executor background) {
        return new FetchSessions(settings.fetchSessionSlots(), new SecureRandom()::nextInt, new ColdReads(background));
    }

    private RequestLog requestLog() {
        return new RequestLog(watch.requests(), settings.slowRequestMs());
    }

    private List<String> clientListeners() {
        return listeners.stream().map(Listener::name).toList();
    }

    private void openAdminPort(EventLoops loops, Timers timers, Executor background) {
        settings.adminListener().ifPresent(address -> {
            try {
                adminPort = watch.openPort(address, loops, timers, background, lifecycle);
            } catch (IOException e) {
                throw new BrokerStartException("cannot listen on " + address + ": " + reason(e), e);
            }
        });
    }

    private Executor threads(String name, int count) {
        BackgroundThreads pool = lifecycle.opened(name + " threads", new BackgroundThreads("milena-" + name, count));
        threads.put(name, pool);
        return pool.executor();
    }

    /** Limits on connections follow the settings. */
    private static void follow(Network network, Controller controller, MachineLimits machine) {
        controller.subscribe((previous, next) -> {
            if (!next.brokerConfigs().equals(previous.brokerConfigs())) {
                network.limits(
                        SupportedSettings.connections(controller.settings().connections(), machine));
            }
            return CompletableFuture.completedStage(null);
        });
    }

    /** The controller's listeners serve less, so they have a network of their own. */
    private void listenForControllers(AdminHandlers admin, MachineLimits machine, EventLoops loops, Timers timers) {
        List<ListenerAddress> addresses = SupportedSettings.controllerListeners(settings);
        if (!addresses.isEmpty()) {
            Network network = lifecycle.opened(
                    "controller network",
                    new Network(
                            SupportedSettings.network(settings.connections(), machine),
                            loops,
                            timers,
                            admin.ofController(),
                            requestLog()));
            listen(network, addresses, new ArrayList<>());
        }
    }

    private Function<PartitionDisk, PartitionContext> shared(Timers timers, Executor background) {
        Executor flushThreads = threads("flush", FLUSH_THREADS);
        return disk -> new PartitionContext(
                flushThreads, background, timers, settings.flushIntervalMs(), watch.activity(), disk);
    }

    /** What lies in a folder that failed, at the start or later, goes out of service. */
    private void watch(DataFolders folders, FolderCheck check, OfflineReplicas offline) {
        folders.onFailure(offline::folderFailed);
        folders.onFailure(folder -> {
            if (folders.isLost()) {
                LOG.error(
                        "the broker stops: the folder of the metadata log failed, or all of log.dirs: folder={}",
                        folder);
                watch.lost();
                lost.complete(null);
            }
        });
        await(offline.report());
        check.start();
    }

    private DataFolders openFolders() {
        try {
            return DataFolders.open(settings.logDirs(), settings.metadataLogDir(), settings.nodeId());
        } catch (DataFolderException e) {
            throw new BrokerStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private ClusterImage beginning(String clusterId) {
        return ClusterImage.of(
                clusterId, new BrokerImage(settings.nodeId(), settings.rack(), advertised(settings.listeners())));
    }

    private LocalMetadataLog metadataLog(
            DataFolder folder, FolderCheck check, Executor background, OpenFiles openFiles) {
        LogContext context = new LogContext(CLOCK, background, openFiles, LogContext.NO_CHECKPOINTS, damage);
        try {
            return LocalMetadataLog.open(folder.path(), context, () -> check.suspect(folder));
        } catch (MetadataException e) {
            throw new BrokerStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private Controller controller(ClusterImage beginning, LocalMetadataLog log) {
        BackgroundThreads thread = lifecycle.opened("controller thread", new BackgroundThreads("milena-controller", 1));
        // Closed on the controller's thread, behind the last change.
        lifecycle.opened(
                "metadata log", () -> thread.executor().submit(log::close).get());
        Controller made = new Controller(settings, beginning, log, new Strand("controller", thread.executor()));
        made.subscribe(new ChangeLog());
        controller = made;
        return made;
    }

    private static void listen(Network network, List<ListenerAddress> addresses, List<Listener> bound) {
        for (ListenerAddress address : addresses) {
            try {
                bound.add(network.listen(address.name(), address.host(), address.port()));
            } catch (IOException e) {
                throw new BrokerStartException("cannot listen on " + address + ": " + reason(e), e);
            }
        }
    }

    private static List<Endpoint> advertised(ListenerSettings listeners) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (ListenerAddress listener : listeners.clientListeners()) {
            ListenerAddress advertised = listeners.advertised(listener.name());
            endpoints.add(
                    advertised == null
                            ? new Endpoint(listener.name(), "", 0)
                            : new Endpoint(listener.name(), advertised.host(), advertised.port()));
        }
        return endpoints;
    }

    private static void await(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MetadataException failure) {
                throw new BrokerStartException(String.valueOf(failure.getMessage()), failure);
            }
            throw e;
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }
}
