package io.milena.server.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A way to check passwords without knowing them (RFC 5802), with its code on the wire and in the metadata log. */
public enum ScramMechanism {
    SHA_256(1, "SHA-256", "HmacSHA256"),
    SHA_512(2, "SHA-512", "HmacSHA512");

    private final byte code;
    private final String digest;
    private final String mac;

    ScramMechanism(int code, String digest, String mac) {
        this.code = (byte) code;
        this.digest = digest;
        this.mac = mac;
    }

    /** Its code. */
    public byte code() {
        return code;
    }

    /** The mechanism of that code, if there is one. */
    static Optional<ScramMechanism> of(byte code) {
        return Arrays.stream(values())
                .filter(mechanism -> mechanism.code == code)
                .findFirst();
    }

    /** What proves that a client knows the password this was made from. */
    byte[] storedKey(byte[] saltedPassword) {
        try {
            return MessageDigest.getInstance(digest).digest(hmac(saltedPassword, "Client Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What proves to a client that the broker knows its password. */
    byte[] serverKey(byte[] saltedPassword) {
        return hmac(saltedPassword, "Server Key");
    }

    private byte[] hmac(byte[] key, String text) {
        try {
            Mac function = Mac.getInstance(mac);
            function.init(new SecretKeySpec(key, mac));
            return function.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
