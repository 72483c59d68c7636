package io.milena.server.storage;

import io.milena.log.recovery.AtomicFile;
import io.milena.protocol.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, next to the metadata log, which data folders a broker has had. A disk that is not mounted looks like a new and empty folder;
 * what lies on it must not be made anew.
 *
 * <pre>
 *   8Jq2nYCkQEq6w3Jk0yV5Ag /data/1      id and path of a folder
 *   Zx1mBd0oTh2Vtq9E4aXW_w /data/2
 * </pre>
 */
final class FolderRegister {
    private static final Logger LOG = LoggerFactory.getLogger(FolderRegister.class);
    private static final String NAME = "milena-data-folders";

    private final Path file;
    private final Map<String, String> folders = new LinkedHashMap<>();

    FolderRegister(DataFolder metadata) {
        file = metadata.path().resolve(NAME);
        try {
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    folders.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no data folder is known yet");
        } catch (IOException e) {
            throw new DataFolderException("cannot read " + file + ": " + DiskErrors.reason(e), e);
        }
    }

    /** Adds the folders that are there, and says which of those known before are not. */
    List<String> update(Collection<DataFolder> present) {
        Map<String, String> missing = new LinkedHashMap<>(folders);
        for (DataFolder folder : present) {
            UUID id = folder.isOnline() ? folder.id() : null;
            if (id == null) {
                missing.values().remove(folder.path().toString());
            } else {
                folders.put(Uuids.toText(id), folder.path().toString());
                missing.remove(Uuids.toText(id));
            }
        }
        write();
        for (Map.Entry<String, String> folder : missing.entrySet()) {
            LOG.warn(
                    "data folder missing: path={} directory.id={}; partitions that are found nowhere are taken to lie there. Mount it"
                            + " and start again, or, if it is lost, take its line out of {} and start again: they are made anew then",
                    folder.getValue(),
                    folder.getKey(),
                    file);
        }
        return new ArrayList<>(missing.keySet());
    }

    /** Nothing lies in these: they need not be remembered. */
    void forget(Collection<String> ids) {
        if (folders.keySet().removeAll(ids)) {
            write();
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder();
        folders.forEach((id, path) -> text.append(id).append(' ').append(path).append('\n'));
        try {
            if (!Files.exists(file) || !Files.readString(file).contentEquals(text)) {
                AtomicFile.write(file, text.toString());
            }
        } catch (IOException e) {
            LOG.warn("data folders not noted: file={} reason=\"{}\"", file, DiskErrors.reason(e));
        }
    }
}
