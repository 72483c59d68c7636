package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.config.Setting.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the tables say of the effect of settings, against the names that the code has in it. */
class SettingEffectTest {
    private static final Path CODE = Path.of("src", "main", "java");
    private static final Pattern NAME = Pattern.compile("\"([a-z]+(?:\\.[a-z0-9]+)+)\"");

    /** Read only to be compared with others, or to be refused. */
    private static final Set<String> CHECKED_ONLY = Set.of(
            "queued.max.requests",
            "unclean.leader.election.enable",
            "group.streams.max.standby.replicas",
            "remote.storage.enable");

    /** Put together from parts, or a single word. */
    private static final Set<String> READ_OTHERWISE =
            Set.of("listeners", "compression.gzip.level", "compression.lz4.level", "compression.zstd.level");

    private final Set<String> read = read();

    @Test
    void shouldCallUsedWhatIsReadOfTopics() {
        for (Setting setting : SettingTable.topic().all()) {
            assertThat(setting.effect() == Effect.USED).as(setting.name()).isEqualTo(read.contains(setting.name()));
        }
    }

    @Test
    void shouldCallUsedWhatIsReadOfBrokersOrStandsInForAnother() {
        Set<String> used = new TreeSet<>();
        for (SettingTable table : List.of(SettingTable.topic(), SettingTable.group())) {
            table.all().stream()
                    .filter(setting -> setting.effect() == Effect.USED)
                    .forEach(setting -> setting.synonyms().forEach(synonym -> used.add(synonym.name())));
        }
        SettingTable.broker().all().stream()
                .map(Setting::name)
                .filter(read::contains)
                .forEach(used::add);
        assertThat(SettingTable.broker().all())
                .filteredOn(setting -> setting.effect() != Effect.KEPT)
                .extracting(Setting::name)
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void shouldCallUsedAtTheStartOnlyWhatKafkaChangesAtRuntime() {
        assertThat(SettingTable.broker().all())
                .filteredOn(setting -> setting.effect() == Effect.START)
                .isNotEmpty()
                .allMatch(setting ->
                        setting.update() == Setting.Update.BROKER || setting.update() == Setting.Update.CLUSTER);
    }

    private static Set<String> read() {
        Set<String> names = new HashSet<>(READ_OTHERWISE);
        try (Stream<Path> files = Files.walk(CODE)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> names.addAll(names(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names.removeAll(CHECKED_ONLY);
        return names;
    }

    private static Set<String> names(Path file) {
        Set<String> names = new HashSet<>();
        try {
            Matcher matcher = NAME.matcher(Files.readString(file));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
