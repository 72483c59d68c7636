/** Tests of the handlers of records, with real logs. */
@org.jspecify.annotations.NullMarked
package io.milena.server.handler.records;
