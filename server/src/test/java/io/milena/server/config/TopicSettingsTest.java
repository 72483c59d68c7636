package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
    private static final BrokerSettings DEFAULTS = BrokerSettings.of(Map.of());

    @Test
    void shouldTakeTheBrokersDefaults() {
        TopicSettings settings = TopicSettings.of(DEFAULTS, Map.of());
        assertThat(settings.deletes()).isTrue();
        assertThat(settings.compacts()).isFalse();
        assertThat(settings.retentionMs()).isEqualTo(604_800_000);
        assertThat(settings.retentionBytes()).isEqualTo(-1);
        assertThat(settings.segmentBytes()).isEqualTo(1 << 30);
        assertThat(settings.segmentMs()).isEqualTo(604_800_000);
        assertThat(settings.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(settings.flushMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.compressionType()).isEqualTo("producer");
        assertThat(settings.compressionLevel()).isZero();
        assertThat(settings.logAppendTime()).isFalse();
        assertThat(settings.timestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(settings.minInSyncReplicas()).isEqualTo(1);
    }

    @Test
    void shouldPreferMillisecondsToMinutesToHours() {
        assertThat(retentionMs(Map.of("log.retention.hours", "2"))).isEqualTo(7_200_000);
        assertThat(retentionMs(Map.of("log.retention.hours", "2", "log.retention.minutes", "3")))
                .isEqualTo(180_000);
        assertThat(retentionMs(
                        Map.of("log.retention.hours", "2", "log.retention.minutes", "3", "log.retention.ms", "4")))
                .isEqualTo(4);
        assertThat(retentionMs(Map.of("log.retention.hours", "-1"))).isEqualTo(-1);
    }

    @Test
    void shouldPreferTheTopicsOwnValueAndNameItsSynonyms() {
        TopicSettings settings = TopicSettings.of(
                BrokerSettings.of(Map.of("log.segment.bytes", "2097152")), Map.of("segment.bytes", "1048576"));
        assertThat(settings.segmentBytes()).isEqualTo(1_048_576);
        ConfigEntry entry = entry(settings, "segment.bytes");
        assertThat(entry.source()).isEqualTo(ConfigSource.TOPIC);
        assertThat(entry.synonyms())
                .containsExactly(
                        new ConfigValue("segment.bytes", "1048576", ConfigSource.TOPIC),
                        new ConfigValue("log.segment.bytes", "2097152", ConfigSource.STATIC_BROKER),
                        new ConfigValue("log.segment.bytes", "1073741824", ConfigSource.DEFAULT));
    }

    @Test
    void shouldCallSettingsWithoutBrokerSynonymDefault() {
        ConfigEntry entry = entry(TopicSettings.of(DEFAULTS, Map.of()), "remote.storage.enable");
        assertThat(entry.source()).isEqualTo(ConfigSource.DEFAULT);
        assertThat(entry.synonyms()).isEmpty();
    }

    @Test
    void shouldListEverySettingButHiddenOnes() {
        assertThat(TopicSettings.of(DEFAULTS, Map.of()).entries()).hasSize(33);
    }

    @Test
    void shouldLetTestsUseSmallSegments() {
        assertThat(TopicSettings.of(DEFAULTS, Map.of("internal.segment.bytes", "1024"))
                        .segmentBytes())
                .isEqualTo(1024);
    }

    @Test
    void shouldAcceptAnEmptyCleanupPolicy() {
        TopicSettings settings = TopicSettings.of(DEFAULTS, Map.of("cleanup.policy", ""));
        assertThat(settings.deletes()).isFalse();
        assertThat(settings.compacts()).isFalse();
    }

    @Test
    void shouldRefuseUnknownNamesBadValuesAndContradictions() {
        assertInvalid(Map.of("retention.days", "3"), "no topic setting retention.days");
        assertInvalid(Map.of("max.compaction.lag.ms", "0"), "max.compaction.lag.ms cannot be \"0\"");
        assertInvalid(Map.of("segment.bytes", "1000"), "segment.bytes cannot be \"1000\"");
        assertInvalid(
                Map.of("min.compaction.lag.ms", "9", "max.compaction.lag.ms", "8"), "above max.compaction.lag.ms of 8");
        assertInvalid(Map.of("remote.storage.enable", "true"), "no remote storage");
    }

    private static long retentionMs(Map<String, String> broker) {
        return TopicSettings.of(BrokerSettings.of(broker), Map.of()).retentionMs();
    }

    private static void assertInvalid(Map<String, String> own, String message) {
        assertThatThrownBy(() -> TopicSettings.of(DEFAULTS, own))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(message);
    }

    private static ConfigEntry entry(TopicSettings settings, String name) {
        return settings.entries().stream()
                .filter(entry -> entry.setting().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
