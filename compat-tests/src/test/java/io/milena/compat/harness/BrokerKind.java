package io.milena.compat.harness;

import java.util.Locale;

/** A broker that the tests can start. */
public enum BrokerKind {
    /** The broker under test, from the jar that the build made. */
    MILENA,
    /** The reference: Apache Kafka in KRaft combined mode. */
    KAFKA;

    /** The broker that the system property {@code broker} names. */
    public static BrokerKind selected() {
        return valueOf(System.getProperty("broker", "milena").toUpperCase(Locale.ROOT));
    }
}
