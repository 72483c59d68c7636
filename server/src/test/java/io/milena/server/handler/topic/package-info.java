/** Tests of the handlers of the same package. */
@NullMarked
package io.milena.server.handler.topic;

import org.jspecify.annotations.NullMarked;
