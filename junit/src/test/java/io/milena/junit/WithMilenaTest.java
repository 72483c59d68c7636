package io.milena.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.Milena;
import io.milena.MilenaException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@WithMilena(
        topics = @Topic(name = "orders", partitions = 3, settings = "retention.ms = 1000"),
        settings = "num.partitions=2")
class WithMilenaTest {
    static Milena shared;

    Milena broker;

    @BootstrapServers
    String address;

    final Milena seen;

    WithMilenaTest(Milena broker) {
        seen = broker;
    }

    @BeforeAll
    static void shouldHaveBrokerBeforeAllTests(Milena broker) {
        assertThat(shared).isSameAs(broker);
    }

    @BeforeEach
    void shouldHaveBrokerBeforeEachTest(@BootstrapServers String servers) {
        assertThat(address).isEqualTo(servers);
    }

    @Test
    void shouldShareBrokerInAllPlaces(Milena parameter, @BootstrapServers String servers) {
        assertThat(broker).isSameAs(parameter).isSameAs(shared).isSameAs(seen);
        assertThat(address).isEqualTo(servers).isEqualTo(broker.bootstrapServers());
    }

    @Test
    void shouldHaveTopics() {
        assertHasTopic(broker, "orders");
        broker.createTopic("others", 1);
    }

    @Test
    @WithMilena(topics = @Topic(name = "own"))
    void shouldHaveBrokerOfItsOwn(Milena parameter) {
        assertThat(parameter).isNotSameAs(shared).isSameAs(broker);
        assertHasTopic(parameter, "own");
        parameter.createTopic("orders", 1);
    }

    @Nested
    class Inside {
        Milena inner;

        @Test
        void shouldShareBrokerOfTheClassAround(Milena parameter) {
            assertThat(parameter).isSameAs(shared).isSameAs(inner).isSameAs(broker);
        }
    }

    @Nested
    @WithMilena(topics = @Topic(name = "inside"))
    class InsideWithBroker {
        Milena inner;

        @Test
        void shouldHaveBrokerOfItsOwn(Milena parameter) {
            assertThat(parameter).isNotSameAs(shared).isSameAs(inner).isSameAs(broker);
            assertHasTopic(parameter, "inside");
        }
    }

    private static void assertHasTopic(Milena broker, String name) {
        assertThatThrownBy(() -> broker.createTopic(name, 1))
                .isInstanceOf(MilenaException.class)
                .hasMessageContaining("ALREADY_EXISTS");
    }
}
