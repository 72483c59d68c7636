/** Tests of the network: on embedded channels where order matters, on sockets of this machine where the system does. */
@org.jspecify.annotations.NullMarked
package io.milena.server.network;
