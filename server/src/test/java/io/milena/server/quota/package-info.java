@NullMarked
package io.milena.server.quota;

import org.jspecify.annotations.NullMarked;
