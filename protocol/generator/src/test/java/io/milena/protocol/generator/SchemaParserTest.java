package io.milena.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaParserTest {

    @Test
    void shouldReadAnApi() {
        Schema schema = parse("""
                # a comment
                api 12 Heartbeat 0-4 flexible 4+ stable 0-3
                request
                  groupId   string
                  instance  string?  3+ = null ignorable

                  topics    []Topic?2+ 1+
                    index  int32  = -1
                response
                  errorCode  error
                  extra      int64  4+ tag 0
                """);
        assertThat(schema.apis())
                .containsExactly(new ApiSchema(12, "Heartbeat", new VersionRange(0, 3), new VersionRange(4, 4)));
        MessageSchema request = schema.messages().get(0);
        assertThat(request.name()).isEqualTo("HeartbeatRequest");
        assertThat(request.root().fields())
                .extracting(FieldSchema::name)
                .containsExactly("groupId", "instance", "topics");
        FieldSchema instance = request.root().fields().get(1);
        assertThat(instance.versions()).isEqualTo(new VersionRange(3, 4));
        assertThat(instance.nullable()).isEqualTo(new VersionRange(3, 4));
        assertThat(instance.ignorable()).isTrue();
        FieldSchema topics = request.root().fields().get(2);
        assertThat(topics.nullable()).isEqualTo(new VersionRange(2, 4));
        assertThat(topics.elementStruct().versions()).isEqualTo(new VersionRange(1, 4));
        assertThat(topics.elementStruct().fields())
                .extracting(FieldSchema::defaultValue)
                .containsExactly("-1");
        assertThat(schema.messages().get(1).root().fields())
                .extracting(FieldSchema::tag)
                .containsExactly(-1, 0);
    }

    @Test
    void shouldUseAStructTwice() {
        Schema schema = parse("""
                record Pair 0-3
                  first   []Item  0-1
                    id    int32
                    name  string  1+
                  second  Item    3
                """);
        StructSchema item = schema.messages().get(0).structs().get(0);
        assertThat(item.versions()).isEqualTo(new VersionRange(0, 3));
        assertThat(item.fields())
                .extracting(FieldSchema::versions)
                .containsExactly(new VersionRange(0, 3), new VersionRange(1, 3));
    }

    @Test
    void shouldReadErrors() {
        Schema schema = parse("error 3 UNKNOWN_TOPIC retriable Not here.\nerror 4 BAD It is bad.\n");
        assertThat(schema.errors())
                .containsExactly(
                        new ErrorSchema(3, "UNKNOWN_TOPIC", true, "Not here."),
                        new ErrorSchema(4, "BAD", false, "It is bad."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a int99                     | no such type: int99",
                "a int32?                    | int32 cannot be null",
                "a string = null             | the default is null, but the type is not nullable",
                "a string 2+                 | versions 2+ are not within 0-1",
                "a string 1-0                | versions 1-0 are not within 0-1",
                "a string?5+                 | versions 5+ are not within 0-1",
                "a string x+                 | unexpected word: x+",
                "a string tag                | number of the tag expected",
                "a string tag one            | number of the tag expected, not one",
                "a string tag 0              | tagged field in a version that is not flexible",
                "a string =                  | default value expected",
                "a int32 = many              | not a default for this type: many",
                "a bool = 1                  | not a default for this type: 1",
                "a []int32 = 1               | not a default for this type: 1",
                "a []records                 | records can be neither tagged nor in an array",
                "a Struct                    | struct Struct has no fields",
                "a List                      | no such type: List",
                "a                           | type expected",
                "a []                        | type expected, not []",
                "Name string                 | not a name for a field: Name",
                "default string              | not a name for a field: default",
            })
    void shouldReportMistakesInFields(String field, String message) {
        assertThatThrownBy(() -> parse("record R 0-1\n  first  int32\n  " + field + "\n"))
                .isInstanceOf(SchemaException.class)
                .hasMessage("test.api:3: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'record R'                             | test.api:1: versions expected",
                "'record R 1-0'                         | test.api:1: versions 1-0 are not within 0-32767",
                "'record R 0 flexible'                  | test.api:1: versions expected",
                "'record R 0 more'                      | test.api:1: unexpected words at the end",
                "'record R 0;record R 0'                | test.api:2: R exists already",
                "'  record R 0'                         | test.api:1: unexpected indent",
                "'message R 0'                          | test.api:1: api, record or error expected, not message",
                "'api x R 0'                            | test.api:1: number of the API expected, not x",
                "'api 1 R 0;response'                   | test.api:1: a line \"request\" expected below",
                "'api 1 R 0;request'                    | test.api:1: a line \"response\" expected below",
                "'error 1 BAD'                          | test.api:1: text expected",
                "'error 1 A Bad.;error 1 B Bad.'        | test.api:2: error 1 B exists already",
                "'record R 0;  a  int8;    b  int8'     | test.api:3: only a struct has fields of its own",
                "'record R 0;    a  int8;  b  int8'     | test.api:3: indent does not match the lines above",
                "'record R 0;  a  int8;  a  int8'       | test.api:3: field a or its tag exists already",
                "'record R 0;  a  S;    x  int8;  b  S;    x  int8' | test.api:5: struct S has its fields already",
                "'record R 0-1;  a  S  0;    x  int8  1' | test.api:3: no version has the field x",
            })
    void shouldReportOtherMistakes(String text, String message) {
        assertThatThrownBy(() -> parse(text.replace(";", "\n")))
                .isInstanceOf(SchemaException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseTabs() {
        assertThatThrownBy(() -> parse("record R 0\n\ta int8\n"))
                .hasMessage("test.api:2: indent with spaces, not tabs");
    }

    private static Schema parse(String text) {
        SchemaParser parser = new SchemaParser();
        parser.parse("test.api", text);
        return parser.schema();
    }
}
