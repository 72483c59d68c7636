package io.milena.log.recovery;

import io.milena.log.Damage;
import io.milena.log.LogException;
import io.milena.log.epoch.LeaderEpochs;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code leader-epoch-checkpoint} of a log. The owner says what should be in it; it is written when the log is
 * made durable, since batches that are not durable yet tell their epochs themselves. Writing: any thread.
 */
public final class EpochCheckpoint {
    private static final String NAME = "leader-epoch-checkpoint";

    private final Path file;
    private final boolean isMissing;
    private volatile @Nullable String unwritten;
    private final Damage.Listener damage;
    private boolean closed;

    /** The checkpoint in a partition's folder. */
    EpochCheckpoint(FolderContent folder, Damage.Listener damage) {
        this.damage = damage;
        this.file = folder.directory().resolve(NAME);
        this.isMissing = !folder.names().contains(NAME);
    }

    /** What the file said when the log was opened; empty if it was missing or is damaged. */
    Optional<LeaderEpochs> read() throws IOException {
        if (isMissing) {
            return Optional.empty();
        }
        try {
            return Optional.of(LeaderEpochs.decode(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (LogException | CharacterCodingException e) {
            damage.found(
                    Damage.of(Damage.Kind.CHECKPOINT, file, "leader epochs taken from the batches: " + e.getMessage()));
            return Optional.empty();
        }
    }

    /** Notes what the file should say from now on. */
    public void changed(LeaderEpochs epochs) {
        unwritten = epochs.encode();
    }

    /** Writes what was noted last, durably. */
    public synchronized void flush() throws IOException {
        String text = unwritten;
        if (text != null && !closed) {
            AtomicFile.write(file, text);
            clearIfStill(text);
        }
    }

    /** Lets nothing more be written; the folder may belong to another log from now on. */
    public synchronized void close() {
        closed = true;
    }

    @SuppressWarnings("ReferenceEquality") // the very same text, nothing noted meanwhile
    private void clearIfStill(String written) {
        if (unwritten == written) {
            unwritten = null;
        }
    }
}
