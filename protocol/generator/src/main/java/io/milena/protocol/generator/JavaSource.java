package io.milena.protocol.generator;

/** Java text under construction; follows braces with the indent. */
final class JavaSource {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** Adds a line; each {@code %s} in it stands for the next value. */
    JavaSource line(String pattern, Object... values) {
        String line = fill(pattern, values);
        if (line.startsWith("}")) {
            depth--;
        }
        text.append(line.isEmpty() ? "" : "    ".repeat(depth)).append(line).append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    /** Adds what the body adds, within an {@code if} unless the condition always holds. */
    void when(String condition, Runnable body) {
        if (condition.equals("true")) {
            body.run();
        } else {
            line("if (" + condition + ") {");
            body.run();
            line("}");
        }
    }

    private static String fill(String pattern, Object... values) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int place = pattern.indexOf("%s", from);
            filled.append(pattern, from, place).append(value);
            from = place + 2;
        }
        return filled.append(pattern, from, pattern.length()).toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
