/** Tests of the handlers of access rules. */
@NullMarked
package io.milena.server.handler.security;

import org.jspecify.annotations.NullMarked;
