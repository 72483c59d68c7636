package io.milena.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs} says of meters, against the meters. */
class MetricsDocumentTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern EXPRESSION = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NAME = Pattern.compile("\\b(?:milena|jvm|process|system)_[a-z0-9_]+");

    @Test
    void shouldListEveryMeter() throws IOException {
        List<String> expected = Arrays.stream(BrokerMeter.values())
                .map(MetricsDocumentTest::row)
                .toList();
        try (Stream<String> lines = Files.lines(DOCS.resolve("metrics.md"))) {
            assertThat(lines.filter(line -> line.startsWith("| `milena.") && line.contains("` | `milena_")))
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void shouldAskOnlyForWhatThereIsInTheDashboard() throws IOException {
        Set<String> known = new HashSet<>();
        for (BrokerMeter meter : BrokerMeter.values()) {
            known.add(meter.prometheusName());
            if (meter.kind() == BrokerMeter.Kind.DURATION) {
                List.of("_bucket", "_count", "_sum").forEach(part -> known.add(meter.prometheusName() + part));
            }
        }
        Set<String> wanted = new TreeSet<>();
        Matcher expressions = EXPRESSION.matcher(Files.readString(DOCS.resolve("grafana-dashboard.json")));
        while (expressions.find()) {
            Matcher names = NAME.matcher(expressions.group(1));
            while (names.find()) {
                wanted.add(names.group());
            }
        }
        assertThat(wanted).hasSizeGreaterThan(30);
        assertThat(wanted).filteredOn(name -> name.startsWith("milena_")).isSubsetOf(known);
    }

    private static String row(BrokerMeter meter) {
        String kind = meter.kind() == BrokerMeter.Kind.DURATION
                ? "histogram"
                : meter.kind().name().toLowerCase(Locale.ROOT);
        return "| `" + meter.meterName() + "` | `" + meter.prometheusName() + "` | " + kind + " | "
                + String.join(", ", meter.tags()) + " | " + meter.description() + " |";
    }
}
