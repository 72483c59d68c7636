package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dashboard for Grafana that is in the repository: what it asks Prometheus. */
public final class Dashboard {
    private static final Pattern EXPRESSION = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NAME = Pattern.compile("\\b(?:milena|jvm|process|system)_[a-z0-9_]+");

    private Dashboard() {}

    /** All queries, for all brokers and over the last minute. */
    public static List<String> queries() {
        List<String> queries = new ArrayList<>();
        try {
            Matcher found = EXPRESSION.matcher(
                    Files.readString(Folders.module().resolveSibling("docs").resolve("grafana-dashboard.json")));
            while (found.find()) {
                queries.add(found.group(1)
                        .replace("\\\"", "\"")
                        .replace("$__rate_interval", "1m")
                        .replace("$instance", ".*"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queries;
    }

    /** The names of all series that the queries read. */
    public static Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String query : queries()) {
            Matcher found = NAME.matcher(query);
            while (found.find()) {
                names.add(found.group());
            }
        }
        return names;
    }
}
