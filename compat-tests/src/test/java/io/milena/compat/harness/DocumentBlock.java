package io.milena.compat.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fenced block of a document, and what the comment in the line before it says to do with it:
 *
 * <pre>
 *   &lt;!-- run --&gt;                        the commands run, one after the other, and none fails
 *   &lt;!-- run stopped --&gt;                the same, once what was left running was stopped
 * &lt;!-- run until: TEXT --&gt;            one command, which is left running once it printed the text; those before it are stopped
 * &lt;!-- run beside until: TEXT --&gt;     the same, but those before it go on
 *   &lt;!-- file: NAME --&gt;                 is written to a file
 *   &lt;!-- prints --&gt;                     lines that the commands before it print, in this order; … stands for anything
 *   &lt;!-- shown: REASON --&gt;              is neither run nor written
 *   &lt;!-- tested by: CLASS --&gt;           another test runs it
 *   &lt;!-- excerpt of: FILE --&gt;           is part of a file of the repository
 * </pre>
 *
 * <p>What a reader has done already is between {@code <!-- hidden run}, or the like, and a line that ends the comment.
 *
 * <p>{@code with CLIENT} behind the first word leaves it to builds that have that client.
 *
 * @param place document and line, for messages
 * @param language what the fence says, or nothing
 * @param action what to do
 * @param client the client it needs, null if it needs none
 * @param argument what follows the colon, or nothing
 * @param text the block's lines
 */
public record DocumentBlock(
        String place,
        String language,
        Action action,
        @Nullable ClientLanguage client,
        String argument,
        String text) {

    private static final String FENCE = "```";
    private static final String HIDDEN = "<!-- hidden ";
    private static final String HIDDEN_END = "-->";
    private static final Pattern COMMENT = Pattern.compile(
            "<!-- (run|run stopped|run until|run beside until|file|prints|shown|tested by|excerpt of)(?: with (java|python|rust|go|node))?(?:: (.*?))? -->");

    /** What is done with a block. */
    public enum Action {
        RUN,
        RUN_STOPPED,
        RUN_UNTIL,
        RUN_BESIDE_UNTIL,
        FILE,
        PRINTS,
        SHOWN,
        TESTED_BY,
        EXCERPT_OF,
        /** Nobody said it, which is a mistake. */
        NONE
    }

    /** The blocks of a document. */
    public static List<DocumentBlock> of(Path document) {
        List<DocumentBlock> blocks = new ArrayList<>();
        List<String> lines = lines(document);
        int line = 0;
        while (line < lines.size()) {
            boolean hidden = lines.get(line).startsWith(HIDDEN);
            if (hidden || lines.get(line).startsWith(FENCE)) {
                int end = line + 1;
                while (!lines.get(end).equals(hidden ? HIDDEN_END : FENCE)) {
                    end++;
                }
                String place = document.getFileName() + ":" + (line + 1);
                String text = String.join("\n", lines.subList(line + 1, end)) + "\n";
                blocks.add(hidden ? hidden(place, lines.get(line), text) : shown(place, lines, line, text));
                line = end;
            }
            line++;
        }
        return blocks;
    }

    private static DocumentBlock hidden(String place, String line, String text) {
        return block(place, "<!-- " + line.substring(HIDDEN.length()) + " " + HIDDEN_END, "bash", text);
    }

    private static DocumentBlock shown(String place, List<String> lines, int line, String text) {
        String comment = line == 0 ? "" : lines.get(line - 1);
        return block(place, comment, lines.get(line).substring(FENCE.length()), text);
    }

    private static DocumentBlock block(String place, String comment, String language, String text) {
        Matcher matcher = COMMENT.matcher(comment);
        if (!matcher.matches()) {
            return new DocumentBlock(place, language, Action.NONE, null, "", text);
        }
        String client = matcher.group(2);
        return new DocumentBlock(
                place,
                language,
                Action.valueOf(matcher.group(1).toUpperCase(Locale.ROOT).replace(' ', '_')),
                client == null ? null : ClientLanguage.valueOf(client.toUpperCase(Locale.ROOT)),
                matcher.group(3) == null ? "" : matcher.group(3),
                text);
    }

    /** Whether this build has the client it needs. */
    public boolean possible() {
        return client == null || ClientLanguage.available().contains(client);
    }

    /** Whether it holds commands. */
    public boolean isShell() {
        return List.of("", "bash", "sh", "shell", "console").contains(language);
    }

    private static List<String> lines(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
