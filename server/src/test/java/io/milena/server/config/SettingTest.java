package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num.partitions | 1",
                "num.partitions | ' 12 '",
                "compression.gzip.level | -1",
                "compression.gzip.level | 9",
                "log.cleaner.min.cleanable.ratio | 0.25",
                "log.cleanup.policy | compact,delete",
                "log.cleanup.policy | ''",
                "log.cleanup.policy | compact,compact",
                "group.consumer.migration.policy | UpGrade",
                "broker.rack | anything",
            })
    void shouldAcceptValues(String name, String text) {
        assertThat(SettingTable.broker().get(name).parse(text)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num.partitions | 0",
                "num.partitions | many",
                "num.partitions | 3000000000",
                "offsets.topic.replication.factor | 40000",
                "compression.gzip.level | 0",
                "compression.gzip.level | 10",
                "log.cleaner.min.cleanable.ratio | 1.5",
                "log.cleanup.policy | shred",
                "auto.create.topics.enable | yes",
                "group.consumer.migration.policy | sideways",
                "remote.log.metadata.manager.impl.prefix | ''",
            })
    void shouldRefuseValuesAndSayWhatIsAllowed(String name, String text) {
        assertThatThrownBy(() -> SettingTable.broker().get(name).parse(text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(name + " cannot be \"" + text + "\": it takes ");
    }

    @Test
    void shouldCheckReplicaLists() {
        Setting throttled = SettingTable.topic().get("leader.replication.throttled.replicas");
        assertThat(throttled.parse("0:1,1:2")).isEqualTo(List.of("0:1", "1:2"));
        assertThat(throttled.parse("*")).isEqualTo(List.of("*"));
        assertThatThrownBy(() -> throttled.parse("0-1")).hasMessageContaining("replica list");
    }

    @Test
    void shouldWriteValuesInOneForm() {
        assertThat(SettingTable.broker().get("log.cleanup.policy").canonical(" compact , delete"))
                .isEqualTo("compact,delete");
        assertThat(SettingTable.broker().get("log.preallocate").canonical("TRUE"))
                .isEqualTo("true");
        assertThat(SettingTable.broker()
                        .get("log.cleaner.io.max.bytes.per.second")
                        .canonical("1000"))
                .isEqualTo("1000.0");
    }

    @Test
    void shouldNotShowSecretsInMessages() {
        Setting secret = SettingTable.broker().get("ssl.key.password");
        assertThat(secret.secret()).isTrue();
        assertThat(new ConfigEntry(secret, "hush", List.of()).shownText()).isNull();
    }
}
