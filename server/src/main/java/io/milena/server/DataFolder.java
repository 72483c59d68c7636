package io.milena.server;

import io.milena.log.DirectoryProperties;
import io.milena.log.LogDirectory;
import io.milena.log.LogException;
import io.milena.protocol.Uuids;
import io.milena.server.cluster.LocalMetadataLog;
import io.milena.server.cluster.TopicIds;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The folder where a broker keeps everything: taken over only if it is empty or its own. */
final class DataFolder {
    private static final String META = "meta.properties";

    /** What other brokers of this protocol leave in a folder that was formatted for them. */
    private static final List<String> FOREIGN = List.of(LocalMetadataLog.FOLDER, "bootstrap.checkpoint");

    private DataFolder() {}

    /**
     * Locks the folder, and writes down whose it is if it is new.
     *
     * @throws BrokerStartException if it belongs to another broker, another node or a running process
     */
    static LogDirectory open(Path path, int nodeId) {
        checkFormat(path);
        LogDirectory directory;
        try {
            directory = LogDirectory.open(path);
        } catch (LogException e) {
            throw new BrokerStartException(String.valueOf(e.getMessage()), e);
        }
        try {
            identify(directory, nodeId);
            return directory;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static void identify(LogDirectory directory, int nodeId) {
        Optional<DirectoryProperties> known = directory.properties();
        if (known.isEmpty()) {
            String clusterId = Uuids.toText(TopicIds.next());
            directory.properties(new DirectoryProperties(clusterId, nodeId, TopicIds.next()));
        } else if (known.get().nodeId() != nodeId) {
            throw new BrokerStartException("the data folder " + directory.path() + " belongs to node "
                    + known.get().nodeId() + ", but node.id is " + nodeId);
        }
    }

    /** Looks without touching anything: a folder of another broker must stay as it is. */
    private static void checkFormat(Path path) {
        Path meta = path.resolve(META);
        if (Files.exists(meta)) {
            if (!ours(meta)) {
                throw foreign(path);
            }
        } else if (FOREIGN.stream().anyMatch(name -> Files.exists(path.resolve(name)))) {
            throw foreign(path);
        }
    }

    private static boolean ours(Path meta) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(meta)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new BrokerStartException("cannot read " + meta + ": " + e.getMessage(), e);
        }
        return DirectoryProperties.FORMAT.equals(properties.getProperty(DirectoryProperties.FORMAT_NAME));
    }

    private static BrokerStartException foreign(Path path) {
        return new BrokerStartException(
                "the data folder " + path
                        + " was formatted by another broker, whose metadata cannot be read; it was left untouched: name another in log.dirs");
    }
}
