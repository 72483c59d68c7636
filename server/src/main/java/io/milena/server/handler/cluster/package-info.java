/**
 * Handlers of what concerns the cluster as a whole: versions, metadata, brokers, features. One class for each API, without state, called on
 * event loops. May use the package request and the images and services they are given; never another package of handlers.
 */
@NullMarked
package io.milena.server.handler.cluster;

import org.jspecify.annotations.NullMarked;
