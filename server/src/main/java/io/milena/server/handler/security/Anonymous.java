package io.milena.server.handler.security;

/** Whoever did not log in, as replies name them. */
final class Anonymous {
    static final String TYPE = "User";
    static final String NAME = "ANONYMOUS";

    private Anonymous() {}
}
