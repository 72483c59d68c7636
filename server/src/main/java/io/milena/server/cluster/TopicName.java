package io.milena.server.cluster;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for names of topics. */
public final class TopicName {
    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 249;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

    private TopicName() {}

    /** Whether a topic may have this name. */
    public static boolean isValid(@Nullable String name) {
        return problem(name) == null;
    }

    /** What is wrong with a name, as a sentence; null if nothing is. */
    public static @Nullable String problem(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return "The name of a topic cannot be empty.";
        }
        if (name.equals(".") || name.equals("..")) {
            return "The name of a topic cannot be \".\" or \"..\".";
        }
        if (name.length() > MAX_LENGTH) {
            return "The name of a topic cannot be longer than " + MAX_LENGTH + " characters.";
        }
        if (!LEGAL.matcher(name).matches()) {
            return "The topic name \"" + name + "\" has characters other than letters, digits, '.', '_' and '-'.";
        }
        return null;
    }

    /** The form that must differ between topics, because metrics write '.' as '_'. */
    static String unified(String name) {
        return name.replace('.', '_');
    }
}
