/**
 * What the admin port answers: meters for Prometheus, health and readiness. It only reads. Loaded only where
 * {@code milena.admin.listener} is set, and with it the Prometheus client. Called on event loops; what takes time runs on a background
 * thread, one scrape after the other.
 */
@NullMarked
package io.milena.server.console;

import org.jspecify.annotations.NullMarked;
