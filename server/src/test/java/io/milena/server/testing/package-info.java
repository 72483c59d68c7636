/** What tests of all packages of the server share: a client that speaks frames, and checks that nothing is left over. */
@org.jspecify.annotations.NullMarked
package io.milena.server.testing;
