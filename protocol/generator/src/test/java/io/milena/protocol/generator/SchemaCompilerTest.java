package io.milena.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCompilerTest {
    @TempDir
    Path directory;

    private Path source;
    private Path output;

    @BeforeEach
    void createDirectories() throws IOException {
        source = Files.createDirectory(directory.resolve("schema"));
        output = directory.resolve("generated");
    }

    @Test
    void shouldGenerateRecordsAlone() throws IOException {
        Files.writeString(source.resolve("topic.api"), "record TopicRecord 0\n  name  string\n");
        compile();
        assertThat(output.resolve("org/example/ApiKey.java")).doesNotExist();
        assertThat(output.resolve("io")).doesNotExist();
        assertThat(output.resolve("org/example/TopicRecord.java"))
                .content()
                .contains("package org.example;", "public final class TopicRecord implements Message {");
    }

    @Test
    void shouldLeaveUnchangedFilesAlone() throws IOException {
        Files.writeString(source.resolve("topic.api"), "record TopicRecord 0\n  name  string\n");
        compile();
        Path generated = output.resolve("org/example/TopicRecord.java");
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(generated, longAgo);
        compile();
        assertThat(Files.getLastModifiedTime(generated)).isEqualTo(longAgo);
    }

    @Test
    void shouldDeleteFilesOfRemovedMessages() throws IOException {
        Files.writeString(source.resolve("topic.api"), "record TopicRecord 0\n");
        compile();
        Files.writeString(source.resolve("topic.api"), "record OtherRecord 0\n");
        compile();
        assertThat(output.resolve("org/example/TopicRecord.java")).doesNotExist();
        assertThat(output.resolve("org/example/OtherRecord.java")).exists();
    }

    @Test
    void shouldFailWithFileAndLine() throws IOException {
        Files.createDirectory(source.resolve("records"));
        Files.writeString(source.resolve("records/bad.api"), "record Bad 0\n  name  strin\n");
        assertThatThrownBy(this::compile)
                .isInstanceOf(SchemaException.class)
                .hasMessage("records/bad.api:2: no such type: strin");
    }

    @Test
    void shouldWantThreeArguments() {
        assertThatThrownBy(() -> SchemaCompiler.main(new String[] {"schema"}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void compile() throws IOException {
        SchemaCompiler.main(new String[] {source.toString(), output.toString(), "org.example"});
    }
}
