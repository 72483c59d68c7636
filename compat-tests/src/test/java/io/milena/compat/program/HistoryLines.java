package io.milena.compat.program;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where a client writes its history, one event a line; what is written stays when the process is killed. */
final class HistoryLines {

    private final PrintStream output =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    /** Writes an event: its kind and its words. */
    void write(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        output.print(line.append('\n'));
        output.flush();
    }

    /** Whether the client may go on. */
    static boolean untold() throws IOException {
        return System.in.available() == 0;
    }

    static void pause(int milliseconds) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    /** Settings that outlive a broker that is killed and comes back. */
    static Properties settings(String bootstrap) {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", bootstrap);
        settings.setProperty("request.timeout.ms", "5000");
        settings.setProperty("reconnect.backoff.max.ms", "200");
        return settings;
    }

    static Properties transactional(String bootstrap, String transactionalId, String timeoutMs) {
        Properties settings = settings(bootstrap);
        settings.setProperty("transactional.id", transactionalId);
        settings.setProperty("transaction.timeout.ms", timeoutMs);
        settings.setProperty("linger.ms", "2");
        settings.setProperty("batch.size", "300");
        settings.setProperty("delivery.timeout.ms", "60000");
        settings.setProperty("max.block.ms", "60000");
        return settings;
    }
}
