package io.milena.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The text of {@code docs/configuration.md}, as the tables of settings give it. */
final class ConfigurationDocument {
    private static final String HEAD = """
            # Configuration

            Settings have Kafka's names, types, defaults and ranges, and all of Apache Kafka 4.3.1 are known. The tables below are those that the broker
            itself reads; `ConfigurationDocumentTest` with `-Dtable=write` writes this page anew.

            ## Where a value is from

            The strongest first:

            | from | how |
            | --- | --- |
            | runtime | `kafka-configs --alter`, kept by the broker: for one broker, then for all |
            | command line | `--set log.retention.ms=60000`, as often as needed |
            | environment | `MILENA_LOG_RETENTION_MS=60000` |
            | environment | `KAFKA_LOG_RETENTION_MS=60000`, as images of Kafka take it |
            | file | `log.retention.ms=60000` in the file that is given to `milena start` |
            | default | as below |

            In names of variables `_` stands for a dot, `__` for an underscore, `___` for a dash. A name that is no setting is named in one line of the log
            and left out. A value that a setting cannot take ends the start, with one line that says what it takes. `milena config` prints
            what a start with the same options and variables would use and where each value is from, `milena config retention` only
            settings with this text in their name or explanation.

            ## How to read the tables

            *Changes* says how: `restart` by a start with another value, `runtime` by `kafka-configs --alter` too, which is followed at once. *Default* is
            what holds when nobody sets it. The items of a list are separated by commas.
            """;

    private static final String KEPT = """

            ## Without effect

            These are known, checked, and shown to whoever asks, so that a file written for Kafka starts and tools do not complain. But what
            they are for is absent, or needs no setting. Credentials and certificates are among it.
            """;

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> untouched = BrokerSettings.of(Map.of()).entries().stream()
            .collect(Collectors.toMap(
                    entry -> entry.setting().name(), entry -> entry.text() == null ? "unset" : shown(entry.text())));

    private ConfigurationDocument() {}

    /** All of it. */
    static String text() {
        ConfigurationDocument document = new ConfigurationDocument();
        document.write();
        return document.text.toString();
    }

    private void write() {
        Predicate<Setting> own = setting -> setting.name().startsWith("milena.");
        Predicate<Setting> kept = setting -> setting.effect() == Setting.Effect.KEPT;
        text.append(HEAD);
        table("## Of Milena alone", SettingTable.broker(), own);
        table("## Of a broker", SettingTable.broker(), own.or(kept).negate());
        table("## Of a topic", SettingTable.topic(), kept.negate());
        table("## Of a group", SettingTable.group(), kept.negate());
        text.append(KEPT);
        table("### Of a broker", SettingTable.broker(), kept);
        table("### Of a broker, at runtime only", SettingTable.brokerQuotas(), kept);
        table("### Of a topic", SettingTable.topic(), kept);
        table("### Of a group", SettingTable.group(), kept);
        table("### Of a subscription to metrics of clients", SettingTable.clientMetrics(), kept);
    }

    private void table(String title, SettingTable table, Predicate<Setting> wanted) {
        List<Setting> settings = table.all().stream().filter(wanted).toList();
        boolean ofBroker = settings.get(0).update() != Setting.Update.TOPIC;
        boolean kept = settings.get(0).effect() == Setting.Effect.KEPT;
        List<String> titles = new ArrayList<>(List.of("name", "type", "default", "takes", "what"));
        if (!ofBroker) {
            titles.add(4, "default of the broker");
        } else if (!kept) {
            titles.add(4, "changes");
        }
        text.append("\n").append(title).append("\n\n");
        row(titles);
        row(titles.stream().map(column -> "---").toList());
        settings.forEach(setting ->
                row(titles.stream().map(column -> cell(setting, column)).toList()));
    }

    private void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private String cell(Setting setting, String column) {
        return switch (column) {
            case "name" -> "`" + setting.name() + "`";
            case "type" -> setting.type().name().toLowerCase(Locale.ROOT);
            case "default" -> standard(setting);
            case "takes" ->
                setting.allowed().anything() ? "" : setting.allowed().toString().replace(">=", "≥");
            case "changes" -> changes(setting);
            case "default of the broker" -> synonyms(setting);
            default -> setting.documentation().replace("*", "\\*");
        };
    }

    private String standard(Setting setting) {
        String own = setting.defaultText() == null ? "unset" : shown(setting.defaultText());
        return setting.update() == Setting.Update.TOPIC ? own : untouched.getOrDefault(setting.name(), own);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "empty" : "`" + value.replace(",", ", ") + "`";
    }

    private static String changes(Setting setting) {
        boolean atRuntime = setting.update() == Setting.Update.BROKER || setting.update() == Setting.Update.CLUSTER;
        return atRuntime && setting.effect() != Setting.Effect.START ? "runtime" : "restart";
    }

    private static String synonyms(Setting setting) {
        return setting.synonyms().stream()
                .map(synonym -> "`" + synonym.name() + "`" + (synonym.factor() == 1 ? "" : " × " + synonym.factor()))
                .collect(Collectors.joining(", "));
    }
}
