package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWriteRequestHeadersAsKafkaDoes(int version) {
        for (String clientId : new String[] {null, "", "zażółć"}) {
            var kafka = new RequestHeaderData()
                    .setRequestApiKey((short) 18)
                    .setRequestApiVersion((short) 4)
                    .setCorrelationId(7)
                    .setClientId(clientId);
            ByteBuffer bytes = KafkaMessages.writeKafka(kafka, version);
            RequestHeader header = new RequestHeader((short) 18, (short) 4, 7, clientId);
            Writer writer = new Writer(0);
            header.write(writer, version);
            assertThat(writer.buffer()).isEqualTo(bytes);
            assertThat(RequestHeader.read(new Reader(bytes), version)).isEqualTo(header);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldWriteResponseHeadersAsKafkaDoes(int version) {
        ByteBuffer bytes = KafkaMessages.writeKafka(new ResponseHeaderData().setCorrelationId(9), version);
        Writer writer = new Writer(0);
        new ResponseHeader(9).write(writer, version);
        assertThat(writer.buffer()).isEqualTo(bytes);
        assertThat(ResponseHeader.read(new Reader(bytes), version)).isEqualTo(new ResponseHeader(9));
    }
}
