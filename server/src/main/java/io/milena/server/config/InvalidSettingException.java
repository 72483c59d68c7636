package io.milena.server.config;

/** A setting has a value it cannot take, or settings contradict each other. The message names setting and value. */
public final class InvalidSettingException extends RuntimeException {
    public InvalidSettingException(String message) {
        super(message);
    }
}
