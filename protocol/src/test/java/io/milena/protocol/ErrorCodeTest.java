package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    @Test
    void shouldHaveTheCodesOfKafka() {
        Stream<String> kafka = Arrays.stream(Errors.values())
                .sorted(Comparator.comparing(Errors::code))
                .map(error -> error.code() + " " + error + " " + (error.exception() instanceof RetriableException));
        assertThat(Arrays.stream(ErrorCode.values()).map(error -> error.code() + " " + error + " " + error.retriable()))
                .containsExactlyElementsOf(kafka.toList());
    }

    @Test
    void shouldFindErrorsByCode() {
        for (ErrorCode error : ErrorCode.values()) {
            assertThat(ErrorCode.forCode(error.code())).isEqualTo(error);
            assertThat(error.message()).endsWith(".");
        }
        assertThat(ErrorCode.forCode(-2)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.forCode(Short.MAX_VALUE)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
}
