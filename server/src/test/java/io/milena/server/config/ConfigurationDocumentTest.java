package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference of settings in {@code docs}, against the tables. With {@code -Dtable=write} the test writes it anew. */
class ConfigurationDocumentTest {
    @Test
    void shouldSayWhatTheTablesSay() throws IOException {
        Path file = Path.of("..", "docs", "configuration.md");
        String text = ConfigurationDocument.text();
        if (System.getProperty("table", "check").equals("write")) {
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }
}
