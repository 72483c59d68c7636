package io.milena.server.cluster;

import java.nio.ByteBuffer;

/**
 * What it takes to check a password (RFC 5802).
 *
 * @param iterations how often the password was hashed
 * @param salt what it was mixed with
 * @param storedKey proves that a client knows the password
 * @param serverKey proves to a client that the broker knows it
 */
public record ScramCredential(int iterations, ByteBuffer salt, ByteBuffer storedKey, ByteBuffer serverKey) {
    /** Whose it is, and for which mechanism. */
    public record Owner(String user, ScramMechanism mechanism) {}

    @Override
    public String toString() {
        return "ScramCredential[iterations=" + iterations + "]";
    }
}
