package io.milena.junit;

import io.milena.Milena;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/** Which fields of test classes take a broker or its address. */
final class MarkedField {
    private MarkedField() {}

    static boolean takesBroker(Field field) {
        boolean marked = field.getType() == Milena.class
                || (field.getType() == String.class && field.isAnnotationPresent(BootstrapServers.class));
        return marked && !Modifier.isFinal(field.getModifiers());
    }

    static boolean isStatic(Field field) {
        return Modifier.isStatic(field.getModifiers());
    }
}
