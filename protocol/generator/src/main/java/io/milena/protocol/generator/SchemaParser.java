package io.milena.protocol.generator;

import java.util.List;

/** Reads schema files: {@code api}, {@code record} and {@code error} entries at the margin, fields indented below. */
final class SchemaParser {
    private final Schema schema = new Schema();
    private List<SchemaLine> lines = List.of();
    private int next;

    /** Adds the content of one file. */
    void parse(String file, String text) {
        lines = SchemaLine.split(file, text);
        next = 0;
        while (next < lines.size()) {
            SchemaLine line = lines.get(next++);
            if (line.indent() != 0) {
                throw line.error("unexpected indent");
            }
            switch (line.words().get(0)) {
                case "api" -> parseApi(line);
                case "record" -> parseRecord(line);
                case "error" -> parseError(line);
                default ->
                    throw line.error(
                            "api, record or error expected, not " + line.words().get(0));
            }
        }
    }

    Schema schema() {
        return schema;
    }

    /** {@code api 12 Heartbeat 0-4 flexible 4+ [stable 0-3]}, then {@code request} and {@code response}. */
    private void parseApi(SchemaLine line) {
        int id = line.number(1, "number of the API");
        String name = line.word(2, "name of the API");
        VersionRange versions = VersionRange.parse(line.word(3, "versions"), MessageParser.ANY, line);
        VersionRange flexible = option(line, 4, "flexible", versions, VersionRange.NONE);
        VersionRange stable = option(line, 4, "stable", versions, versions);
        checkWords(line, 4 + 2 * count(line, "flexible") + 2 * count(line, "stable"));
        if (schema.apis().stream().anyMatch(api -> api.id() == id || api.name().equals(name))) {
            throw line.error("API " + id + " " + name + " exists already");
        }
        schema.apis().add(new ApiSchema(id, name, stable, flexible));
        String about = name + " (API " + id + ", versions " + versions + ")";
        parseSide(line, "request", new MessageParser("Request of " + about, name + "Request", versions, flexible));
        parseSide(line, "response", new MessageParser("Response of " + about, name + "Response", versions, flexible));
    }

    private void parseSide(SchemaLine api, String side, MessageParser parser) {
        if (next >= lines.size() || !lines.get(next).words().equals(List.of(side))) {
            throw api.error("a line \"" + side + "\" expected below");
        }
        next++;
        parseFields(api, parser);
    }

    /** {@code record OffsetCommitKey 0-1 [flexible 1+]}. */
    private void parseRecord(SchemaLine line) {
        String name = line.word(1, "name of the record");
        VersionRange versions = VersionRange.parse(line.word(2, "versions"), MessageParser.ANY, line);
        VersionRange flexible = option(line, 3, "flexible", versions, VersionRange.NONE);
        checkWords(line, 3 + 2 * count(line, "flexible"));
        String purpose = "Stored record " + name + " (versions " + versions + ")";
        parseFields(line, new MessageParser(purpose, name, versions, flexible));
    }

    private void parseFields(SchemaLine head, MessageParser parser) {
        int end = next;
        while (end < lines.size() && lines.get(end).indent() > 0) {
            end++;
        }
        MessageSchema message = parser.parse(lines.subList(next, end));
        if (schema.messages().stream().anyMatch(other -> other.name().equals(message.name()))) {
            throw head.error(message.name() + " exists already");
        }
        schema.messages().add(message);
        next = end;
    }

    /** {@code error 3 UNKNOWN_TOPIC_OR_PARTITION [retriable] The default text.} */
    private void parseError(SchemaLine line) {
        int code = line.number(1, "error code");
        String name = line.word(2, "name of the error");
        boolean retriable = line.word(3, "text").equals("retriable");
        int start = retriable ? 4 : 3;
        line.word(start, "text");
        String text = String.join(" ", line.words().subList(start, line.words().size()));
        if (schema.errors().stream()
                .anyMatch(other -> other.code() == code || other.name().equals(name))) {
            throw line.error("error " + code + " " + name + " exists already");
        }
        schema.errors().add(new ErrorSchema(code, name, retriable, text));
    }

    private static VersionRange option(
            SchemaLine line, int from, String word, VersionRange enclosing, VersionRange otherwise) {
        int index = line.words()
                .subList(Math.min(from, line.words().size()), line.words().size())
                .indexOf(word);
        return index < 0 ? otherwise : VersionRange.parse(line.word(from + index + 1, "versions"), enclosing, line);
    }

    private static int count(SchemaLine line, String word) {
        return line.words().contains(word) ? 1 : 0;
    }

    private static void checkWords(SchemaLine line, int expected) {
        if (line.words().size() != expected) {
            throw line.error("unexpected words at the end");
        }
    }
}
