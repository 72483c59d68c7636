package io.milena.server.partition;

import io.milena.log.FutureFolder;
import io.milena.log.LogContext;
import io.milena.log.LogDirectory;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.PartitionFolder;
import io.milena.log.PartitionLog;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.TopicSettings;
import io.milena.server.storage.DataFolder;
import io.milena.server.storage.DataFolderException;
import io.milena.server.storage.DataFolders;
import io.milena.server.storage.DiskErrors;
import io.milena.server.strand.Strand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the logs of partitions in the data folders: each where it lies, a new one in the folder with the fewest. Its methods may block
 * on the disk and be called by several background threads.
 */
public final class PartitionStore {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionStore.class);
    private static final UUID UNKNOWN_ID = new UUID(0, 0);

    private final Supplier<BrokerSettings> broker;
    private final DataFolders folders;
    private final Function<String, Strand> strands;
    private final Consumer<DataFolder> suspects;
    private final List<FolderContents> contents = new ArrayList<>();

    /** The folders that were there at the start and were not asked for yet, by name. */
    private final Map<String, List<Found>> unclaimed = new ConcurrentHashMap<>();

    /** What should have been there at the start and was not. */
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** Copies that were to take a partition's place when the broker stopped. */
    private final List<UnfinishedMove> unfinishedMoves = new ArrayList<>();

    private final PreferredFolders preferred = new PreferredFolders();

    record UnfinishedMove(FutureFolder copy, FolderContents place) {}

    private record Found(FolderContents place, PartitionFolder folder) {
        UUID topicId() {
            return folder.topicId().orElse(UNKNOWN_ID);
        }

        boolean hasNoId() {
            return topicId().equals(UNKNOWN_ID);
        }
    }

    /**
     * @param broker the settings as they are now; what topics have not of their own comes from there
     * @param folders where the partitions' folders lie; closed by somebody else, after the last partition
     * @param contexts what the logs of a folder share
     * @param strands makes the strand that owns a partition; its home must not be the threads that call this store
     * @param shared what the partitions on a disk share
     * @param suspects told of the folder of each partition whose disk failed, inside its strand
     * @throws DataFolderException if a partition lies in two folders
     */
    public PartitionStore(
            Supplier<BrokerSettings> broker,
            DataFolders folders,
            Function<LogDirectory, LogContext> contexts,
            Function<String, Strand> strands,
            Function<PartitionDisk, PartitionContext> shared,
            Consumer<DataFolder> suspects) {
        this.broker = broker;
        this.folders = folders;
        this.strands = strands;
        this.suspects = suspects;
        for (DataFolder folder : folders.online()) {
            FolderContents place = new FolderContents(folder, contexts.apply(folder.directory()), shared, suspects);
            try {
                list(place);
                contents.add(place);
            } catch (LogException e) {
                folders.fail(folder, DiskErrors.reason(e));
            }
        }
    }

    private void list(FolderContents place) {
        for (PartitionFolder found : place.directory().partitions()) {
            String name = found.path().getFileName().toString();
            if (!found.topic().equals(TopicImage.CLUSTER_METADATA)) {
                claimable(name, new Found(place, found));
            }
        }
        place.directory().futures().forEach(copy -> unfinishedMoves.add(new UnfinishedMove(copy, place)));
    }

    /** A topic of the same name may have left something in a folder that failed; the same partition must not be there twice. */
    private void claimable(String name, Found found) {
        List<Found> known = unclaimed.computeIfAbsent(name, key -> new CopyOnWriteArrayList<>());
        for (Found other : List.copyOf(known)) {
            boolean isSame = other.topicId().equals(found.topicId());
            if (isSame && other.folder.moves() != found.folder.moves()) {
                if (other.folder.moves() > found.folder.moves()) {
                    deleteOlder(found.folder);
                    return;
                }
                deleteOlder(other.folder);
                known.remove(other);
                other.place.removed();
            } else if (isSame || other.hasNoId() || found.hasNoId()) {
                throw new DataFolderException(
                        "the partition " + name + " lies in two data folders, " + other.place.folder() + " and "
                                + found.place.folder() + ": remove the one that is out of date, and start again");
            }
        }
        known.add(found);
        found.place.added();
    }

    private static void deleteOlder(PartitionFolder folder) {
        LOG.warn("removing what a move left behind: folder={}", folder.path());
        try {
            folder.delete();
        } catch (LogException e) {
            LOG.error(
                    "not removed, tried again at the next start: folder={} reason=\"{}\"",
                    folder.path(),
                    DiskErrors.reason(e));
        }
    }

    /** What a topic's settings are on this broker. Does not block. */
    PartitionSettings settings(TopicImage topic) {
        BrokerSettings now = broker.get();
        return PartitionSettings.of(TopicSettings.of(now, topic.configs()), now.producerIdExpirationMs());
    }

    /** The data folder in which a partition was found at the start and waits to be opened, or null. Does not block. */
    @Nullable
    Path foundIn(PartitionIdentity identity) {
        Found found = found(identity);
        return found == null ? null : found.place.folder().path();
    }

    /**
     * Opens the log of a partition that was there before the start. One that was not found may lie in a folder that failed; with all
     * folders in use, it is made anew.
     *
     * @throws PartitionException if it lies in no folder that can be used
     * @throws LogException if the disk fails
     */
    Partition open(PartitionIdentity identity, PartitionSettings settings) {
        if (found(identity) == null) {
            if (!folders.isComplete()) {
                throw new PartitionException(
                        ErrorCode.KAFKA_STORAGE_ERROR, identity + " is in no data folder that can be used");
            }
            Partition made = create(identity, settings);
            missing.add(identity.toString());
            return made;
        }
        return create(identity, settings);
    }

    /**
     * Opens the log of a partition, which is made if there is none. What lies there of an earlier topic of the same name is deleted.
     *
     * @throws LogException if the disk fails
     */
    Partition create(PartitionIdentity identity, PartitionSettings settings) {
        String name = identity.toString();
        Found found = found(identity);
        for (Found other : unclaimed.getOrDefault(name, List.of())) {
            if (!other.equals(found) && other.place.folder().isOnline()) {
                LOG.warn("deleting the log of an earlier topic: partition={} topicId={}", name, other.topicId());
                PartitionLog.open(other.place.pathOf(name), settings.log(), other.place.context())
                        .delete();
                claimed(name, other);
                other.place.removed();
            }
        }
        if (found == null) {
            return createNew(identity, settings);
        }
        if (found.hasNoId()) {
            found.place.directory().claim(identity.topic(), identity.index(), identity.topicId());
        }
        Partition partition = open(identity, settings, found.place, found.place.notedHighWatermark(name));
        claimed(name, found);
        return partition;
    }

    /** What was found of a partition, null if nothing was. */
    private @Nullable Found found(PartitionIdentity identity) {
        for (Found found : unclaimed.getOrDefault(identity.toString(), List.of())) {
            if (found.topicId().equals(identity.topicId()) || found.hasNoId()) {
                return found;
            }
        }
        return null;
    }

    private void claimed(String name, Found found) {
        unclaimed.computeIfPresent(name, (key, known) -> {
            known.remove(found);
            return known.isEmpty() ? null : known;
        });
    }

    /** Tries the folders one after the other; where something was begun, it stays, so that no partition lies in two folders. */
    private Partition createNew(PartitionIdentity identity, PartitionSettings settings) {
        Set<FolderContents> tried = new HashSet<>();
        while (true) {
            FolderContents place = choose(identity, tried);
            try {
                place.directory().create(identity.topic(), identity.index(), identity.topicId());
                return open(identity, settings, place, 0);
            } catch (LogException e) {
                tried.add(place);
                suspects.accept(place.folder());
                if (mayHaveBegun(place, identity)) {
                    place.removed();
                    claimable(identity.toString(), new Found(place, nameless(identity, place)));
                    throw e;
                }
                place.removed();
                if (tried.containsAll(online())) {
                    throw e;
                }
                LOG.warn(
                        "data folder takes no new partition, trying another: folder={} partition={} reason=\"{}\"",
                        place.folder(),
                        identity,
                        DiskErrors.reason(e));
            }
        }
    }

    private static PartitionFolder nameless(PartitionIdentity identity, FolderContents place) {
        return new PartitionFolder(
                place.pathOf(identity.toString()), identity.topic(), identity.index(), Optional.empty(), 0);
    }

    private static boolean mayHaveBegun(FolderContents place, PartitionIdentity identity) {
        return Files.isDirectory(place.folder().path()) && !Files.notExists(place.pathOf(identity.toString()));
    }

    /** The folder that was asked for, or the one with the fewest partitions, the first of those, and one that has room if there is one; counts the partition that is to be made there. */
    private synchronized FolderContents choose(PartitionIdentity identity, Set<FolderContents> tried) {
        DataFolder wanted = preferred.take(identity.toString());
        FolderContents chosen = online().stream()
                .filter(place -> !tried.contains(place))
                .min(Comparator.comparing((FolderContents place) -> place.folder() != wanted)
                        .thenComparing(place -> !place.hasRoom())
                        .thenComparingInt(FolderContents::count))
                .orElseThrow(() -> new LogException(LogError.STORAGE_ERROR, "no data folder can be used"));
        chosen.added();
        return chosen;
    }

    private List<FolderContents> online() {
        return contents.stream().filter(place -> place.folder().isOnline()).toList();
    }

    private Partition open(
            PartitionIdentity identity, PartitionSettings settings, FolderContents place, long highWatermark) {
        String name = identity.toString();
        PartitionLog log = PartitionLog.open(place.pathOf(name), settings.log(), place.context());
        return new Partition(identity, log, settings, highWatermark, strands.apply(name), place.shared());
    }

    /** Where partitions may lie. */
    List<DataFolder> folders() {
        return folders.all();
    }

    /** Lets a partition that is made later lie in a folder. */
    void prefer(String partition, DataFolder folder) {
        preferred.put(partition, folder);
    }

    /** A data folder as a place for partitions, null if it failed at the start. */
    @Nullable
    FolderContents place(DataFolder folder) {
        return contents.stream()
                .filter(place -> place.folder() == folder)
                .findFirst()
                .orElse(null);
    }

    /** The copies that were not complete when the broker stopped. */
    List<UnfinishedMove> unfinishedMoves() {
        return unfinishedMoves;
    }

    /** A partition lies in another folder now. */
    void moved(DataFolder from, FolderContents to) {
        FolderContents before = place(from);
        if (before != null) {
            before.removed();
        }
        to.added();
    }

    /** What a partition left in another folder could not be removed; whoever makes one of that name there does it first. */
    void leftBehind(DataFolder from, Partition partition) {
        FolderContents place = place(from);
        if (place != null) {
            Path path = place.pathOf(partition.toString());
            Optional<UUID> topicId = Optional.of(partition.topicId());
            PartitionFolder folder = new PartitionFolder(path, partition.topic(), partition.index(), topicId, 0);
            place.added();
            unclaimed
                    .computeIfAbsent(partition.toString(), key -> new CopyOnWriteArrayList<>())
                    .add(new Found(place, folder));
        }
    }

    /** A partition was deleted: its place is free. */
    void deleted(Partition partition) {
        contents.stream().filter(place -> place.folder() == partition.folder()).forEach(FolderContents::removed);
    }

    /** Once all partitions of the first image are open: says what was not there, and what else was. That is kept, in case somebody misses it. */
    void report(UnopenedPartitions unopened) {
        if (unopened.offline().isEmpty()) {
            folders.foundEverything();
        }
        if (!missing.isEmpty()) {
            LOG.warn(
                    "partitions had no folder and were made anew, empty: count={} some={}",
                    missing.size(),
                    NameList.some(missing));
        }
        Set<String> nobodys = new HashSet<>(unclaimed.keySet());
        unopened.toRetry().forEach(identity -> nobodys.remove(identity.toString()));
        if (!nobodys.isEmpty()) {
            LOG.warn("folders of no partition: count={} some={}", nobodys.size(), NameList.some(nobodys));
        }
    }

    /** Notes how far the logs are durable, where they start and what is committed, in each folder that is in use. */
    void checkpoint(Collection<Partition> partitions) {
        for (FolderContents place : online()) {
            try {
                place.checkpoint(of(place, partitions));
            } catch (LogException e) {
                LOG.error("checkpoints not written: folder={} reason=\"{}\"", place.folder(), DiskErrors.reason(e));
                suspects.accept(place.folder());
            }
        }
    }

    /** Notes that all logs were closed, in each folder where they could be. */
    void closed(Collection<Partition> partitions) {
        for (FolderContents place : online()) {
            try {
                place.closed(of(place, partitions));
            } catch (LogException e) {
                LOG.error("folder not closed cleanly: folder={} reason=\"{}\"", place.folder(), DiskErrors.reason(e));
            }
        }
    }

    private static List<Partition> of(FolderContents place, Collection<Partition> partitions) {
        return partitions.stream()
                .filter(partition -> partition.folder() == place.folder())
                .toList();
    }
}
