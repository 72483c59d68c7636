package io.milena.compat.harness;

import io.milena.compat.program.ToolSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs many tools, those of one broker in one JVM, which saves most of their time. The JVMs are started when they are first needed. */
final class ToolSessions implements AutoCloseable {

    private final Map<BrokerProcess, Session> sessions = new ConcurrentHashMap<>();

    /** Runs a tool, given as its words, against a broker. */
    Transcript run(BrokerProcess broker, List<String> words) {
        return session(broker).run(broker, words);
    }

    private Session session(BrokerProcess broker) {
        return sessions.compute(
                broker, (key, session) -> session == null || !session.process.isAlive() ? new Session() : session);
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::close);
        sessions.clear();
    }

    /** A JVM that runs tools. */
    private static final class Session {
        private final Process process;
        private final BufferedReader output;

        Session() {
            List<String> command = JavaCommand.program(
                    ownClasses() + ":" + Folders.kafkaJars() + "/*", ToolSession.class.getName(), List.of());
            try {
                process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        synchronized Transcript run(BrokerProcess broker, List<String> words) {
            List<String> command = new ArrayList<>(words);
            command.set(0, StockTool.className(words.get(0)));
            List<String> printed = new ArrayList<>();
            try {
                process.getOutputStream().write((String.join(" ", command) + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
                String line = output.readLine();
                while (line != null && !line.startsWith("= ")) {
                    printed.add(line.substring(2));
                    line = output.readLine();
                }
                if (line == null) {
                    throw new AssertionError("the JVM of the tools ended: " + words);
                }
                return Transcript.of(broker, Integer.parseInt(line.substring(2)), printed.stream());
            } catch (IOException e) {
                throw new UncheckedIOException(words.toString(), e);
            }
        }

        void close() {
            process.destroyForcibly();
        }

        private static Path ownClasses() {
            try {
                return Path.of(ToolSession.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
