package io.milena.compat.program;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's tools one after the other in one JVM, as the lines of standard input say: the main class and its arguments.
 * Prints for each what it printed, every line behind {@code 1} for standard output or {@code 2} for standard error, and then
 * {@code = } and its exit code.
 */
public final class ToolSession {

    private ToolSession() {}

    /** The end of a tool, as an exception because the JVM goes on. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("ended", null, false, false);
        }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream output = System.out;
        PrintStream errors = System.err;
        AtomicReference<Integer> code = new AtomicReference<>();
        Exit.Procedure end = (status, message) -> {
            code.compareAndSet(null, status);
            throw new Ended();
        };
        Exit.setExitProcedure(end);
        Exit.setHaltProcedure(end);
        String line = input.readLine();
        while (line != null) {
            ByteArrayOutputStream toolOutput = new ByteArrayOutputStream();
            ByteArrayOutputStream toolErrors = new ByteArrayOutputStream();
            System.setOut(new PrintStream(toolOutput, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(toolErrors, true, StandardCharsets.UTF_8));
            code.set(null);
            run(line.split(" "), code);
            System.setOut(output);
            System.setErr(errors);
            print(output, "1 ", toolOutput);
            print(output, "2 ", toolErrors);
            output.println("= " + code.get());
            output.flush();
            line = input.readLine();
        }
    }

    private static void run(String[] words, AtomicReference<Integer> code) {
        try {
            Class.forName(words[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(words, 1, words.length));
            code.compareAndSet(null, 0);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof Ended)) {
                System.err.println(e.getCause());
                code.compareAndSet(null, 1);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no such tool: " + words[0], e);
        }
    }

    private static void print(PrintStream output, String prefix, ByteArrayOutputStream printed) {
        printed.toString(StandardCharsets.UTF_8).lines().forEach(line -> output.println(prefix + line));
    }
}
