package io.milena.server.handler.security;

import io.milena.server.request.RequestContext;

/** Whoever did not log in, as replies name them. */
final class Anonymous {
    static final String TYPE = "User";
    static final String NAME = RequestContext.ANONYMOUS;

    private Anonymous() {}
}
