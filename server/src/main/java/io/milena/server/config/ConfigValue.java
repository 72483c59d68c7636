package io.milena.server.config;

/** A value that some layer gives to the setting {@code name}. */
public record ConfigValue(String name, String text, ConfigSource source) {}
