package io.milena.server.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which clients a subscription to metrics is for, as {@code property=pattern} items (KIP-714). */
final class ClientMatch {
    private static final Set<String> PROPERTIES = Set.of(
            "client_instance_id",
            "client_id",
            "client_software_name",
            "client_software_version",
            "client_source_address",
            "client_source_port");

    private ClientMatch() {}

    /** Whether every item names a known property and a pattern that can be read. */
    static boolean valid(List<?> items) {
        return items.stream().allMatch(item -> valid(item.toString()));
    }

    private static boolean valid(String item) {
        String[] parts = item.split("=", -1);
        if (parts.length != 2 || parts[1].isEmpty() || !PROPERTIES.contains(parts[0].trim())) {
            return false;
        }
        try {
            Pattern.compile(parts[1].trim());
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
