package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.DocumentBlock;
import io.milena.compat.harness.DocumentBlock.Action;
import io.milena.compat.harness.DocumentRun;
import io.milena.compat.harness.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the README and {@code docs} tell a reader to type, run in their order, with the programs they show. The comment before a
 * block says what is done with it, see {@link DocumentBlock}; one without fails. The reference has no part in this.
 */
class DocumentationIT {
    private static final Path TOP = Folders.module().getParent();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test='?(\\w+)");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+[A-Z]\\w*)`");
    private static final Pattern SCRIPT = Pattern.compile("(?m)^([a-z-]+/[a-z/-]+)");

    /** In a document that does not start one itself. */
    private static final String BROKER_RUNS = "<!-- a broker runs -->";

    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(TOP.resolve("README.md")));
        try (Stream<Path> files = Files.list(TOP.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents;
    }

    static List<Path> documentsToRun() throws IOException {
        return documents().stream()
                .filter(document -> DocumentBlock.of(document).stream().anyMatch(block -> block.action() == Action.RUN))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("documentsToRun")
    void shouldRun(Path document) throws IOException {
        String name = document.getFileName().toString().replace(".md", "");
        try (DocumentRun run = new DocumentRun("document-" + name)) {
            if (Files.readString(document).contains(BROKER_RUNS)) {
                run.startBroker();
            }
            boolean possible = true;
            for (DocumentBlock block : DocumentBlock.of(document)) {
                possible = block.possible() && (possible || block.action() != Action.PRINTS);
                if (possible) {
                    run.follow(block);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldSayWhatIsDoneWithEveryBlock(Path document) {
        assertThat(DocumentBlock.of(document))
                .filteredOn(block -> block.action() == Action.NONE)
                .extracting(DocumentBlock::place)
                .isEmpty();
    }

    /** What is too long to be run, or run by other tests, must be there at least. */
    @ParameterizedTest
    @MethodSource("documents")
    void shouldNameTestsAndScriptsThatExist(Path document) throws IOException {
        List<String> tests = tests();
        for (DocumentBlock block : DocumentBlock.of(document)) {
            if (block.action() == Action.TESTED_BY) {
                assertThat(tests).as(block.place()).contains(block.argument());
            }
            if (block.isShell()) {
                assertThat(found(TEST, block.text())).as(block.place()).isSubsetOf(tests);
                if (block.action() == Action.SHOWN) {
                    assertThat(found(SCRIPT, block.text()))
                            .as(block.place())
                            .allMatch(script -> TOP.resolve(script).toFile().canExecute());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkToWhatExists(Path document) throws IOException {
        assertThat(found(LINK, Files.readString(document)))
                .allMatch(link -> Files.exists(document.resolveSibling(link)));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldQuoteFilesAsTheyAre(Path document) throws IOException {
        for (DocumentBlock block : DocumentBlock.of(document)) {
            if (block.action() == Action.EXCERPT_OF) {
                assertThat(Files.readString(TOP.resolve(block.argument())))
                        .as(block.place())
                        .contains(block.text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"architecture.md", "adding-an-api.md"})
    void shouldNameClassesThatExist(String document) throws IOException {
        String text = Files.readString(TOP.resolve("docs").resolve(document));
        assertThat(found(CLASS, text)).isSubsetOf(classes(".*/(src|generated-sources)/.*\\.java"));
    }

    private static List<String> tests() throws IOException {
        return classes(".*/src/test/java/.*(Test|IT)\\.java");
    }

    private static List<String> classes(String pattern) throws IOException {
        try (Stream<Path> files =
                Files.find(TOP, 20, (file, attributes) -> file.toString().matches(pattern))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
