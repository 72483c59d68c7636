package io.milena.junit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A topic that the broker of a test has from the start: part of {@link WithMilena}. */
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Topic {
    /** Its name. */
    String name();

    /** How many partitions it has, at least one. */
    int partitions() default 1;

    /** Its own settings, each as {@code name=value} with Kafka's names. */
    String[] settings() default {};
}
