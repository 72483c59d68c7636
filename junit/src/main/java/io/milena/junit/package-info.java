/**
 * Brokers for tests: {@link io.milena.junit.WithMilena} on a class or a method starts one before and closes it after. Used by JUnit's
 * threads. May use the embedded broker ({@code io.milena}) and JUnit's API, and brings neither Kafka's client nor a logging binding.
 */
@NullMarked
package io.milena.junit;

import org.jspecify.annotations.NullMarked;
