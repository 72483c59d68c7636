package io.milena.compat.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** Free TCP ports of this machine. */
public final class Ports {

    private static final int LOWEST = 12_000;
    /** Below the range the system takes for outgoing connections, so that no client can hold a broker's port while it restarts. */
    private static final int BOUND = 32_000;

    private static final SplittableRandom RANDOM = new SplittableRandom();

    private Ports() {}

    /** A port that nobody listened on a moment ago. */
    public static synchronized int free() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = RANDOM.nextInt(LOWEST, BOUND);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException inUse) {
                continue;
            }
        }
        throw new IllegalStateException("no free port between " + LOWEST + " and " + BOUND);
    }
}
