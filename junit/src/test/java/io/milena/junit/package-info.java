/** Tests of the extension, by being what it is for and by running small test classes. */
@NullMarked
package io.milena.junit;

import org.jspecify.annotations.NullMarked;
