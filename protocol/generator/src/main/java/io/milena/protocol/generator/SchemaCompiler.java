package io.milena.protocol.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The program: reads all {@code .api} files of a directory and writes Java sources. */
public final class SchemaCompiler {
    /** Where generated code finds {@code Message}, and where {@code ApiKey} and {@code ErrorCode} go. */
    private static final String PROTOCOL_PACKAGE = "io.milena.protocol";

    private SchemaCompiler() {}

    /**
     * Compiles a directory.
     *
     * @param arguments source directory, output directory, package of the messages
     * @throws SchemaException if a schema has a mistake
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("expected: SOURCE_DIRECTORY OUTPUT_DIRECTORY PACKAGE");
        }
        Path output = Path.of(arguments[1]);
        write(output, compile(parse(Path.of(arguments[0])), arguments[2]));
    }

    private static Schema parse(Path directory) throws IOException {
        SchemaParser parser = new SchemaParser();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> schemas = files.filter(file -> file.toString().endsWith(".api"))
                    .sorted()
                    .toList();
            for (Path file : schemas) {
                parser.parse(directory.relativize(file).toString(), Files.readString(file));
            }
        }
        return parser.schema();
    }

    /** The generated sources by relative path. */
    static Map<String, String> compile(Schema schema, String messagePackage) {
        Map<String, String> sources = new TreeMap<>();
        for (MessageSchema message : schema.messages()) {
            sources.put(path(messagePackage, message.name()), new MessageWriter(message).print(messagePackage));
        }
        if (!schema.apis().isEmpty()) {
            String source = new EnumWriter().printApis(PROTOCOL_PACKAGE, messagePackage, schema.apis());
            sources.put(path(PROTOCOL_PACKAGE, "ApiKey"), source);
        }
        if (!schema.errors().isEmpty()) {
            String source = new EnumWriter().printErrors(PROTOCOL_PACKAGE, schema.errors());
            sources.put(path(PROTOCOL_PACKAGE, "ErrorCode"), source);
        }
        return sources;
    }

    private static String path(String packageName, String className) {
        return packageName.replace('.', '/') + "/" + className + ".java";
    }

    /** Leaves files alone that need no change, so that incremental builds stay incremental, and deletes stale ones. */
    private static void write(Path output, Map<String, String> sources) throws IOException {
        Files.createDirectories(output);
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = output.relativize(file).toString().replace('\\', '/');
                if (!sources.containsKey(path)) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = output.resolve(source.getKey());
            if (!Files.exists(file) || !Files.readString(file).equals(source.getValue())) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, source.getValue());
            }
        }
    }
}
