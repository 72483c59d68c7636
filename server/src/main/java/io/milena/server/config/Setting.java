package io.milena.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One known setting: what may be written for it and what it is for.
 *
 * @param name Kafka's name of it
 * @param type the type of its values
 * @param importance how likely an operator is to need it
 * @param defaultText what holds when nobody sets it; null for no value
 * @param allowed the values it takes
 * @param update whether and how it may change while the broker runs
 * @param synonyms broker settings that a topic setting falls back to, the strongest first; empty for broker settings
 * @param effect what a value changes
 * @param documentation one sentence for people
 */
public record Setting(
        String name,
        SettingType type,
        Importance importance,
        @Nullable String defaultText,
        AllowedValues allowed,
        Update update,
        List<Synonym> synonyms,
        Effect effect,
        String documentation) {

    /** How likely an operator is to need a setting. */
    public enum Importance {
        HIGH,
        MEDIUM,
        LOW
    }

    /** How a setting may change while the broker runs. */
    public enum Update {
        /** Only with a restart. */
        STATIC,
        /** At runtime, for one broker. */
        BROKER,
        /** At runtime, for one broker or for all. */
        CLUSTER,
        /** At runtime, for one topic. */
        TOPIC,
        /** Meant for tests: settable in the file, not listed. */
        HIDDEN
    }

    /** What a value changes. */
    public enum Effect {
        /** What the broker does, at once where it may be changed at runtime. */
        USED,
        /** What the broker does, as the value is at the start; one that is set at runtime changes nothing. */
        START,
        /** Nothing: it is checked, stored and shown, as what it is for is absent or needs no setting. */
        KEPT
    }

    /** A broker setting that stands in for a topic setting after multiplication by {@code factor}. */
    public record Synonym(String name, long factor) {}

    /** Whether the value must not be shown. */
    public boolean secret() {
        return type == SettingType.PASSWORD;
    }

    /** Whether the setting is left out of listings. */
    public boolean hidden() {
        return update == Update.HIDDEN;
    }

    /** The value written as {@code text}; throws {@link InvalidSettingException} with what is allowed. */
    public Object parse(String text) {
        Object value;
        try {
            value = type.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(text);
        }
        if (!allowed.permits(value)) {
            throw invalid(text);
        }
        return value;
    }

    /** The value of {@code text} in its one canonical form. */
    public String canonical(String text) {
        return type.format(parse(text));
    }

    private InvalidSettingException invalid(String text) {
        String shown = secret() ? "the given value" : "\"" + Excerpt.of(text) + "\"";
        String wanted = allowed.anything() ? type.description() : type.description() + ", " + allowed;
        return new InvalidSettingException(name + " cannot be " + shown + ": it takes " + wanted);
    }
}
