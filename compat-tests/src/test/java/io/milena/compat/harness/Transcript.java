package io.milena.compat.harness;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a tool printed, without what differs from run to run: sorted lines, with words for ids, ports, times, folders and sentences. */
public record Transcript(int exit, List<String> lines) {

    private static final String CONFIGS = "Configs: ";

    private static final Map<Pattern, String> WORDS = words();

    /** Log lines and stack traces, which tell about the tool and not about the broker. */
    private static final Pattern NOISE = Pattern.compile(
            "^\\[.*\\] (TRACE|DEBUG|INFO|WARN|ERROR) .*|^\\s+at .*|^SLF4J.*|^\\s*\\.\\.\\. \\d+ more|^\\s*");

    /** The transcript of a tool that ran against a broker. */
    public static Transcript of(BrokerProcess broker, CommandResult result) {
        return of(
                broker,
                result.exit(),
                Stream.concat(result.stdout().lines(), result.stderr().lines()));
    }

    /** The transcript of a tool that ended with this code and printed these lines. */
    static Transcript of(BrokerProcess broker, int exit, Stream<String> lines) {
        return new Transcript(
                exit,
                lines.filter(line -> !NOISE.matcher(line).matches())
                        .map(line -> normalised(broker, line))
                        .sorted()
                        .toList());
    }

    /** This transcript with every match in a line replaced. */
    public Transcript replacing(String pattern, String replacement) {
        return new Transcript(
                exit,
                lines.stream()
                        .map(line -> line.replaceAll(pattern, replacement))
                        .sorted()
                        .toList());
    }

    /** This transcript with only those lines that contain a text. */
    public Transcript containing(String text) {
        return new Transcript(
                exit, lines.stream().filter(line -> line.contains(text)).toList());
    }

    @Override
    public String toString() {
        return "exit " + exit + "\n" + String.join("\n", lines);
    }

    private static String normalised(BrokerProcess broker, String line) {
        String text = line.replace(broker.dataFolder().toString(), "DATA")
                .replace(broker.bootstrap(), "BROKER")
                .replaceAll("\\b(" + broker.port() + "|" + broker.controllerPort() + ")\\b", "PORT");
        for (Map.Entry<Pattern, String> word : WORDS.entrySet()) {
            text = word.getKey().matcher(text).replaceAll(word.getValue());
        }
        return withSortedConfigs(text.strip());
    }

    /** The reference lists the configs of a topic in the order of a hash table. */
    private static String withSortedConfigs(String line) {
        int start = line.indexOf(CONFIGS);
        if (start < 0) {
            return line;
        }
        String[] configs = line.substring(start + CONFIGS.length()).split(",");
        Arrays.sort(configs);
        return line.substring(0, start) + CONFIGS + String.join(",", configs);
    }

    private static Map<Pattern, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
        words.put("(?<![A-Za-z0-9_-])(?=[^.\\s]*[A-Z0-9])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_.-])", "ID");
        words.put("20\\d\\d-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d([,.:]\\d+)?", "TIME");
        words.put("(?<![.\\w])1[6-9]\\d{11}\\b", "MS");
        words.put("\\s+", " ");
        words.put("^(Error while executing .*?: |(\\S+ )*\\S+Exception: ).*", "$1SENTENCE");
        return words.entrySet().stream()
                .collect(Collectors.toMap(
                        word -> Pattern.compile(word.getKey()), Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }
}
