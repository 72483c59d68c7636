package io.milena.server.network.http;

/**
 * A request for a resource.
 *
 * @param path without the query
 * @param accept the types of answers the client understands; empty if it does not say
 */
public record HttpRequest(String path, String accept) {}
