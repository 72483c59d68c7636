package io.milena.protocol.generator;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of a field's line, sorted by what they mean. */
final class FieldWords {
    private static final Set<String> JAVA_WORDS = Set.of(
            "default",
            "class",
            "package",
            "public",
            "static",
            "final",
            "short",
            "long",
            "int",
            "byte",
            "new",
            "import",
            "interface",
            "abstract",
            "native",
            "case",
            "switch",
            "this",
            "super",
            "void",
            "hashCode",
            "toString",
            "getClass",
            "notify",
            "wait",
            "read",
            "write",
            "equals");

    final String typeName;
    final boolean array;
    final VersionRange versions;
    final VersionRange nullable;
    int tag = -1;

    @Nullable
    String defaultValue;

    boolean ignorable;

    private final SchemaLine line;
    private final String name;

    FieldWords(SchemaLine line, VersionRange enclosing) {
        this.line = line;
        name = line.words().get(0);
        if (!name.matches("[a-z][A-Za-z0-9]*") || JAVA_WORDS.contains(name)) {
            throw line.error("not a name for a field: " + name);
        }
        String type = line.word(1, "type");
        array = type.startsWith("[]");
        int mark = type.indexOf('?');
        typeName = type.substring(array ? 2 : 0, mark < 0 ? type.length() : mark);
        if (typeName.isEmpty()) {
            throw line.error("type expected, not " + type);
        }
        int word = 2;
        if (word < line.words().size() && VersionRange.isRange(line.words().get(word))) {
            versions = VersionRange.parse(line.words().get(word++), enclosing, line);
        } else {
            versions = enclosing;
        }
        nullable = nullable(mark < 0 ? null : type.substring(mark + 1));
        readOptions(word);
    }

    private VersionRange nullable(@Nullable String range) {
        if (range == null) {
            return VersionRange.NONE;
        }
        return range.isEmpty() ? versions : VersionRange.parse(range, versions, line);
    }

    private void readOptions(int first) {
        int word = first;
        while (word < line.words().size()) {
            switch (line.words().get(word)) {
                case "tag" -> {
                    tag = line.number(word + 1, "number of the tag");
                    word += 2;
                }
                case "=" -> {
                    defaultValue = line.word(word + 1, "default value");
                    word += 2;
                }
                case "ignorable" -> {
                    ignorable = true;
                    word++;
                }
                default -> throw line.error("unexpected word: " + line.words().get(word));
            }
        }
    }

    FieldSchema field(FieldType type, @Nullable StructSchema struct) {
        return new FieldSchema(line, name, type, array, struct, versions, nullable, tag, defaultValue, ignorable);
    }
}
