package io.milena.server.storage;

import java.nio.file.Path;

/** Data folders without lock and notes, for tests that only care where something lies. */
public final class TestFolders {
    private TestFolders() {}

    public static DataFolder at(Path path) {
        return new DataFolder(path, null, null);
    }

    public static DataFolder failed(Path path) {
        return DataFolder.unusable(path, "planted");
    }
}
