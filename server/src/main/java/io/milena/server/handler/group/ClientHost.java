package io.milena.server.handler.group;

import io.milena.server.request.RequestContext;
import java.net.InetAddress;

/** How a client's address is written in groups: as Java prints an address without a name, which Kafka's tools know how to read. */
final class ClientHost {
    private ClientHost() {}

    static String of(RequestContext context) {
        InetAddress address = context.clientAddress().getAddress();
        return "/" + (address == null ? context.clientAddress().getHostString() : address.getHostAddress());
    }
}
