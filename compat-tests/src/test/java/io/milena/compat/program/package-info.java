/**
 * Client programs that run in a process of their own, one per generation of the Java client. They are compiled a second
 * time against the oldest client and may use nothing but the JDK and what that client offers. They talk to the test that
 * started them in lines over standard input and output.
 */
@NullMarked
package io.milena.compat.program;

import org.jspecify.annotations.NullMarked;
