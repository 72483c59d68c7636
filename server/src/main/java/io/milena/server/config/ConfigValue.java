package io.milena.server.config;

import org.jspecify.annotations.Nullable;

/** A value that some layer gives to the setting {@code name}; {@code text} is null when a default is no value. */
public record ConfigValue(String name, @Nullable String text, ConfigSource source) {}
