/** Tests of the handlers of transactions. */
@NullMarked
package io.milena.server.handler.transaction;

import org.jspecify.annotations.NullMarked;
