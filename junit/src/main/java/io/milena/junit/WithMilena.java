package io.milena.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests a broker of their own, with a free port and a temporary folder.
 *
 * <pre>{@code
 * @WithMilena(topics = @Topic(name = "orders", partitions = 3))
 * class OrdersTest {
 *     @Test
 *     void shouldSendOrders(@BootstrapServers String address) { … }
 * }
 * }</pre>
 *
 * <p>On a class it holds for the class and its nested ones, unless they have an annotation of their own; on a method for that
 * method. The broker is a parameter of type {@link io.milena.Milena} of tests, life-cycle methods and constructors, or its address a
 * String marked with {@link BootstrapServers}; fields of these kinds that are not final are set before each test to the broker of that
 * test, static ones before all tests of the class. Tests that run in parallel on one instance should take parameters.
 *
 * <p>May be used on other annotations.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(MilenaExtension.class)
public @interface WithMilena {
    /** Topics that are there before the first test. */
    Topic[] topics() default {};

    /** The broker's settings, each as {@code name=value} with Kafka's names. */
    String[] settings() default {};

    /** How many tests share the broker. Has no meaning on a method. */
    Lifecycle lifecycle() default Lifecycle.PER_CLASS;

    /** How long a broker lives. */
    enum Lifecycle {
        /** From before all tests of a class until after them. */
        PER_CLASS,
        /** From before each test until after it. */
        PER_METHOD
    }
}
