package io.milena.protocol.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a schema that is neither empty nor a comment, cut into words.
 *
 * @param place file and line number, for messages
 * @param indent number of leading spaces
 */
record SchemaLine(String place, int indent, List<String> words) {

    static List<SchemaLine> split(String file, String text) {
        List<SchemaLine> lines = new ArrayList<>();
        String[] raw = text.split("\n", -1);
        for (int i = 0; i < raw.length; i++) {
            String place = file + ":" + (i + 1);
            String content = raw[i].strip();
            if (raw[i].indexOf('\t') >= 0) {
                throw new SchemaException(place, "indent with spaces, not tabs");
            }
            if (!content.isEmpty() && !content.startsWith("#")) {
                lines.add(new SchemaLine(place, raw[i].indexOf(content), List.of(content.split(" +"))));
            }
        }
        return lines;
    }

    String word(int index, String what) {
        if (index >= words.size()) {
            throw error(what + " expected");
        }
        return words.get(index);
    }

    int number(int index, String what) {
        String word = word(index, what);
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw error(what + " expected, not " + word);
        }
    }

    SchemaException error(String message) {
        return new SchemaException(place, message);
    }
}
