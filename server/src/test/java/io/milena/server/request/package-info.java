/** Tests of the request interfaces, and fakes of handlers and connections for tests of other packages. */
@org.jspecify.annotations.NullMarked
package io.milena.server.request;
