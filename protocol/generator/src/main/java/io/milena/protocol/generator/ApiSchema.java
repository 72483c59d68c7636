package io.milena.protocol.generator;

import java.util.Locale;

/**
 * One API: its number and name, and the versions a broker offers (a subset of those its messages know).
 */
record ApiSchema(int id, String name, VersionRange stable, VersionRange flexible) {
    /** Name of the enum constant. */
    String constant() {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }
}
