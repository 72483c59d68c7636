/**
 * What the tests are built with: brokers, stock tools and clients as child processes, raw connections, and the
 * comparison of two brokers. Nothing here knows a particular test. Every child process is ended when its owner is closed
 * and, whatever happens, when the test JVM ends. May depend on the JDK, JUnit and the Java client.
 */
@NullMarked
package io.milena.compat.harness;

import org.jspecify.annotations.NullMarked;
