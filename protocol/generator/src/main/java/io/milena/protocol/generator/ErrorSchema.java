package io.milena.protocol.generator;

/** One error code with its constant name and default text. */
record ErrorSchema(int code, String name, boolean retriable, String message) {}
