package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.SaslAuthenticateRequest;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void shouldRefuseToLoseAField() {
        JoinGroupRequest request = new JoinGroupRequest().groupInstanceId("static-1");
        assertThatThrownBy(() -> OurMessages.write(request, 4))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("field groupInstanceId cannot be expressed in version 4");
    }

    @Test
    void shouldDropAFieldThatMayBeIgnored() {
        JoinGroupRequest request = new JoinGroupRequest().reason("restart");
        assertThat(OurMessages.write(request, 7)).isEqualTo(OurMessages.write(new JoinGroupRequest(), 7));
    }

    @Test
    void shouldReadRecordsWithoutCopying() {
        ProduceRequest.Partition partition =
                new ProduceRequest.Partition().records(new BufferRecords(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        ProduceRequest request = new ProduceRequest()
                .topicData(List.of(new ProduceRequest.Topic().name("t").partitionData(List.of(partition))));
        ByteBuffer frame = OurMessages.write(request, 9);
        ProduceRequest decoded = ProduceRequest.read(new Reader(frame), 9);
        Records records = decoded.topicData().get(0).partitionData().get(0).records();
        assertThat(decoded).isEqualTo(request);
        assertThat(records.buffer().array()).isSameAs(frame.array());
    }

    @Test
    void shouldLeaveRecordsOutOfTheWrittenBytes() {
        Records records = new BufferRecords(ByteBuffer.allocate(100_000));
        FetchResponse response = new FetchResponse()
                .responses(List.of(new FetchResponse.Topic()
                        .topic("t")
                        .partitions(List.of(
                                new FetchResponse.Partition().records(records),
                                new FetchResponse.Partition().records(records)))));
        Writer writer = new Writer(64);
        response.write(writer, 12);
        assertThat(writer.position()).isLessThan(200);
        assertThat(writer.splices()).extracting(Writer.Splice::records).containsExactly(records, records);
        assertThat(writer.sizeInBytes()).isEqualTo(writer.position() + 200_000);
        assertThat(FetchResponse.read(new Reader(writer.joined()), 12)).isEqualTo(response);
    }

    @Test
    void shouldNotShowSecrets() {
        SaslAuthenticateRequest request = new SaslAuthenticateRequest().authBytes("alice-secret".getBytes());
        assertThat(request).hasToString("SaslAuthenticateRequest(authBytes=12 bytes)");
    }

    @Test
    void shouldStartWithDefaults() {
        SyncGroupRequest request = new SyncGroupRequest();
        assertThat(request.groupId()).isEmpty();
        assertThat(request.assignments()).isEmpty();
        assertThat(request.protocolType()).isNull();
        assertThat(new FetchResponse.Partition().currentLeader()).isNull();
    }

    @Test
    void shouldShowErrorsWhereverTheyAre() {
        FetchResponse response = new FetchResponse()
                .errorCode(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
                .responses(List.of(new FetchResponse.Topic()
                        .topic("t")
                        .partitions(List.of(
                                new FetchResponse.Partition(),
                                new FetchResponse.Partition().errorCode(ErrorCode.OFFSET_OUT_OF_RANGE)))));
        List<ErrorCode> errors = new ArrayList<>();
        response.forEachError(errors::add);
        new JoinGroupRequest().forEachError(errors::add);
        assertThat(errors).containsExactly(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, ErrorCode.OFFSET_OUT_OF_RANGE);
    }
}
