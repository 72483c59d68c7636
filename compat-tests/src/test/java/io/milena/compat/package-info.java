/**
 * Black-box tests: real clients and stock tools against a broker that runs as a process of its own. The system property
 * {@code broker} chooses the broker: {@code milena} (default) or {@code kafka}, the reference. A test that fails against
 * the reference is wrong. Every test uses topics of its own, so that one broker serves a whole class. The tests own no
 * thread but those of the clients they start.
 */
@NullMarked
package io.milena.compat;

import org.jspecify.annotations.NullMarked;
