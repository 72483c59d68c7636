package io.milena.server.storage;

import io.milena.log.DirectoryInUseException;
import io.milena.log.DirectoryProperties;
import io.milena.log.LogDirectory;
import io.milena.log.LogException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** Opens one folder. What is wrong with the folder itself makes it unusable; what would do harm to somebody else's is refused. */
final class FolderOpening {
    private static final String META = "meta.properties";

    /** What other brokers of this protocol leave in a folder that was formatted for them. */
    private static final List<String> FOREIGN = List.of("__cluster_metadata-0", "bootstrap.checkpoint");

    private FolderOpening() {}

    /** Locks a folder, which is created if absent; gives an unusable one if the disk does not allow that. */
    static DataFolder open(Path path) {
        try {
            checkFormat(path);
            return DataFolder.opened(path, LogDirectory.open(path));
        } catch (DirectoryInUseException e) {
            throw new DataFolderException(String.valueOf(e.getMessage()), e);
        } catch (IOException | LogException e) {
            return DataFolder.unusable(path, DiskErrors.reason(e));
        }
    }

    /** Looks without touching anything: a folder of another broker must stay as it is. */
    private static void checkFormat(Path path) throws IOException {
        Path meta = path.resolve(META);
        if (Files.exists(meta)) {
            if (!ours(meta)) {
                throw foreign(path);
            }
        } else if (FOREIGN.stream().anyMatch(name -> Files.exists(path.resolve(name)))) {
            throw foreign(path);
        }
    }

    private static boolean ours(Path meta) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(meta)) {
            properties.load(reader);
        } catch (CharacterCodingException e) {
            // Without the cause, whose own message does not even name the file.
            throw new IOException(meta + " is damaged: it is no text");
        } catch (IllegalArgumentException e) {
            throw new IOException(meta + " is damaged: " + e.getMessage(), e);
        }
        return DirectoryProperties.FORMAT.equals(properties.getProperty(DirectoryProperties.FORMAT_NAME));
    }

    private static DataFolderException foreign(Path path) {
        return new DataFolderException(
                "the data folder " + path
                        + " was formatted by another broker, whose metadata cannot be read; it was left untouched: name another in log.dirs");
    }
}
