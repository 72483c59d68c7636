package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class UuidsTest {

    @Test
    void shouldShowIdsAsKafkaDoes() {
        UUID id = new UUID(0xFEDCBA9876543210L, 0x0123456789ABCDEFL);
        Uuid kafka = new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
        assertThat(Uuids.toText(id)).isEqualTo(kafka.toString());
        assertThat(Uuids.fromText(kafka.toString())).isEqualTo(id);
        assertThat(Uuids.toText(Uuids.ZERO)).isEqualTo(Uuid.ZERO_UUID.toString());
    }

    @Test
    void shouldRefuseOtherTexts() {
        assertThatThrownBy(() -> Uuids.fromText("AAAA")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Uuids.fromText("!".repeat(22))).isInstanceOf(IllegalArgumentException.class);
    }
}
