package io.milena.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingTableTest {

    @Test
    void shouldHoldDefaultsThatAreAllowedAndCanonical() {
        for (SettingTable table : new SettingTable[] {SettingTable.broker(), SettingTable.topic()}) {
            for (Setting setting : table.all()) {
                String text = setting.defaultText();
                if (text != null) {
                    assertThat(setting.canonical(text)).as(setting.name()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void shouldDocumentEverySettingInOneSentence() {
        for (SettingTable table : new SettingTable[] {SettingTable.broker(), SettingTable.topic()}) {
            for (Setting setting : table.all()) {
                assertThat(setting.documentation())
                        .as(setting.name())
                        .endsWith(".")
                        .hasSizeBetween(15, 200);
            }
        }
    }

    @Test
    void shouldNameOnlyBrokerSettingsOfTheSameKindAsSynonyms() {
        for (Setting setting : SettingTable.topic().all()) {
            for (Setting.Synonym synonym : setting.synonyms()) {
                Setting broker = SettingTable.broker().get(synonym.name());
                assertThat(broker.type() == setting.type() || synonym.factor() != 1)
                        .as(setting.name() + " and " + synonym.name())
                        .isTrue();
            }
        }
    }

    @Test
    void shouldKnowEverySettingOfTheReference() {
        assertThat(SettingTable.broker().all())
                .filteredOn(setting -> !setting.name().startsWith("milena."))
                .hasSize(360);
        assertThat(SettingTable.topic().all()).hasSize(34);
    }
}
