package io.milena.server.config;

/** A text that a client may have had a part in, cut to the length of a message: an answer with a longer one could not be written. */
public final class Excerpt {
    /** Most characters that are shown. */
    public static final int MAX_CHARACTERS = 500;

    private Excerpt() {}

    /** The beginning of {@code text}, or all of it. */
    public static String of(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
    }
}
