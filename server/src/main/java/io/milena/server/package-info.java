/** Placeholder. */
@org.jspecify.annotations.NullMarked
package io.milena.server;
