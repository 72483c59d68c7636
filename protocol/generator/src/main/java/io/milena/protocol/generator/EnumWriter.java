package io.milena.protocol.generator;

import java.util.Comparator;
import java.util.List;

/** Prints the enums {@code ApiKey} and {@code ErrorCode}. */
final class EnumWriter {
    private final JavaSource java = new JavaSource();

    String printErrors(String packageName, List<ErrorSchema> errors) {
        java.line("package %s;", packageName).line("");
        java.line("/** Error codes of responses, with what a client may do about them. */")
                .line("public enum ErrorCode {");
        errors.stream().sorted(Comparator.comparingInt(ErrorSchema::code)).forEach(error -> {
            String text = error.message().replace("\\", "\\\\").replace("\"", "\\\"");
            java.line("%s(%s, %s, \"%s\"),", error.name(), error.code(), error.retriable(), text);
        });
        java.line(";").line("");
        java.line("private static final ErrorCode[] VALUES = values();").line("");
        java.line("private final short code;").line("private final boolean retriable;");
        java.line("private final String message;").line("");
        java.line("ErrorCode(int code, boolean retriable, String message) {");
        java.line("this.code = (short) code;")
                .line("this.retriable = retriable;")
                .line("this.message = message;");
        java.line("}").line("");
        java.line("/** The number on the wire. */")
                .line("public short code() {")
                .line("return code;")
                .line("}")
                .line("");
        java.line("/** Whether a client may expect success when it simply tries again. */");
        java.line("public boolean retriable() {")
                .line("return retriable;")
                .line("}")
                .line("");
        java.line("/** A default text, for responses that carry one. */");
        java.line("public String message() {").line("return message;").line("}").line("");
        java.line("/** The error of a number; {@link #UNKNOWN_SERVER_ERROR} for numbers not in this list. */");
        java.line("public static ErrorCode forCode(int code) {");
        int lowest = errors.stream().mapToInt(ErrorSchema::code).min().orElse(0);
        java.line("int index = code - (%s);", lowest);
        java.line("return index >= 0 && index < VALUES.length ? VALUES[index] : UNKNOWN_SERVER_ERROR;")
                .line("}");
        return java.line("}").toString();
    }

    String printApis(String packageName, String messagePackage, List<ApiSchema> unsorted) {
        List<ApiSchema> apis =
                unsorted.stream().sorted(Comparator.comparingInt(ApiSchema::id)).toList();
        java.line("package %s;", packageName).line("");
        for (ApiSchema api : apis) {
            java.line("import %s.%sRequest;", messagePackage, api.name());
            java.line("import %s.%sResponse;", messagePackage, api.name());
        }
        java.line("import io.milena.protocol.wire.Reader;")
                .line("import org.jspecify.annotations.Nullable;")
                .line("");
        java.line("/** The APIs of a broker listener, with the versions a broker offers. */")
                .line("public enum ApiKey {");
        for (ApiSchema api : apis) {
            int flexible =
                    api.flexible().isEmpty() ? Short.MAX_VALUE : api.flexible().low();
            java.line(
                    "%s(%s, \"%s\", %s, %s, %s),",
                    api.constant(),
                    api.id(),
                    api.name(),
                    api.stable().low(),
                    api.stable().high(),
                    flexible);
        }
        java.line(";").line("");
        printApiFields(apis.get(apis.size() - 1).id());
        printDispatch("request", "Request", apis);
        printDispatch("response", "Response", apis);
        return java.line("}").toString();
    }

    private void printApiFields(int highestId) {
        java.line("private static final @Nullable ApiKey[] BY_ID = new ApiKey[%s];", highestId + 1)
                .line("");
        java.line("static {")
                .line("for (ApiKey key : values()) {")
                .line("BY_ID[key.id] = key;")
                .line("}")
                .line("}")
                .line("");
        java.line("private final short id;").line("private final String apiName;");
        java.line("private final Versions versions;")
                .line("private final int firstFlexible;")
                .line("");
        java.line("ApiKey(int id, String apiName, int lowest, int highest, int firstFlexible) {");
        java.line("this.id = (short) id;").line("this.apiName = apiName;");
        java.line("this.versions = new Versions((short) lowest, (short) highest);");
        java.line("this.firstFlexible = firstFlexible;").line("}").line("");
        java.line("/** The number in request headers. */")
                .line("public short id() {")
                .line("return id;")
                .line("}")
                .line("");
        java.line("/** The name in Kafka's documentation, such as {@code OffsetCommit}. */");
        java.line("public String apiName() {").line("return apiName;").line("}").line("");
        java.line("/** The versions a broker offers. */");
        java.line("public Versions versions() {")
                .line("return versions;")
                .line("}")
                .line("");
        java.line("/** Whether a version has compact lengths and tagged sections (KIP-482). */");
        java.line("public boolean flexible(int version) {")
                .line("return version >= firstFlexible;")
                .line("}")
                .line("");
        java.line("/** 2 for flexible versions, else 1. */").line("public int requestHeaderVersion(int version) {");
        java.line("return flexible(version) ? 2 : 1;").line("}").line("");
        java.line(
                "/** 1 for flexible versions, else 0; always 0 for ApiVersions, whose client knows no version yet. */");
        java.line("public int responseHeaderVersion(int version) {");
        java.line("return flexible(version) && this != API_VERSIONS ? 1 : 0;")
                .line("}")
                .line("");
        java.line("/** The API of a number, or null if a broker listener has none. */");
        java.line("public static @Nullable ApiKey forId(int id) {");
        java.line("return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;").line("}");
    }

    private void printDispatch(String word, String suffix, List<ApiSchema> apis) {
        java.line("").line("/** Reads a %s without its header. */", word);
        java.line("public Message read%s(Reader reader, int version) {", suffix).line("return switch (this) {");
        for (ApiSchema api : apis) {
            java.line("case %s -> %s%s.read(reader, version);", api.constant(), api.name(), suffix);
        }
        java.line("};").line("}");
    }
}
