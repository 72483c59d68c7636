/** Tests of the handlers for the cluster as a whole. */
@org.jspecify.annotations.NullMarked
package io.milena.server.handler.group;
