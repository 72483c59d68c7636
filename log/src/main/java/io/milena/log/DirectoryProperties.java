package io.milena.log;

import io.milena.log.recovery.AtomicFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * Whose folder it is: the content of {@code meta.properties}, version 1.
 *
 * @param clusterId the cluster
 * @param nodeId the broker
 * @param directoryId the folder itself (KIP-858)
 */
public record DirectoryProperties(String clusterId, int nodeId, UUID directoryId) {
    /** Name of the line that tells folders written by this program from those of others. */
    public static final String FORMAT_NAME = "milena.format";

    /** What that line says. */
    public static final String FORMAT = "1";

    private static final String NAME = "meta.properties";

    static Optional<DirectoryProperties> read(Path directory) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve(NAME))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<UUID> directoryId = UuidText.parse(properties.getProperty("directory.id", ""));
        String clusterId = properties.getProperty("cluster.id", "");
        String nodeId = properties.getProperty("node.id", "");
        if (clusterId.isEmpty() || directoryId.isEmpty() || !nodeId.matches("[0-9]{1,9}")) {
            throw new IOException("Damaged or of another version: " + directory.resolve(NAME));
        }
        return Optional.of(new DirectoryProperties(clusterId, Integer.parseInt(nodeId), directoryId.get()));
    }

    void write(Path directory) throws IOException {
        AtomicFile.write(
                directory.resolve(NAME),
                "version=1\ncluster.id=" + clusterId + "\nnode.id=" + nodeId + "\ndirectory.id="
                        + UuidText.format(directoryId) + "\n" + FORMAT_NAME + "=" + FORMAT + "\n");
    }
}
