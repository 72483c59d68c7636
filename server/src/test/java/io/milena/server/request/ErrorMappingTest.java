package io.milena.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.protocol.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorMappingTest {
    @ParameterizedTest
    @EnumSource(LogError.class)
    void shouldKeepTheName(LogError error) {
        ErrorCode code = ErrorMapping.of(new LogException(error, "for the test"));

        String expected = error == LogError.STORAGE_ERROR ? "KAFKA_STORAGE_ERROR" : error.name();
        assertThat(code.name()).isEqualTo(expected);
    }
}
