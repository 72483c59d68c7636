package io.milena.server.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The wish to give a user a password, or to take it away.
 *
 * @param user the user's name
 * @param mechanism the code of a {@link ScramMechanism}, or of none
 * @param password null takes it away
 */
public record CredentialChange(
        String user, byte mechanism, @Nullable SaltedPassword password) {

    /** A password as clients send it: salted and hashed. */
    public static final class SaltedPassword {
        private final int iterations;
        private final byte[] salt;
        private final byte[] hash;

        /** @param iterations how often it was hashed */
        public SaltedPassword(int iterations, byte[] salt, byte[] hash) {
            this.iterations = iterations;
            this.salt = salt.clone();
            this.hash = hash.clone();
        }

        int iterations() {
            return iterations;
        }

        byte[] salt() {
            return salt.clone();
        }

        byte[] hash() {
            return hash.clone();
        }
    }
}
