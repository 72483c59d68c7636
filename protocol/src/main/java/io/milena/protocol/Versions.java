package io.milena.protocol;

/** A range of versions of one message, both ends included. */
public record Versions(short lowest, short highest) {
    public boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    @Override
    public String toString() {
        return lowest + "-" + highest;
    }
}
