package io.milena.compat.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a Java program, run by the same JDK as the tests. */
public final class JavaCommand {

    private JavaCommand() {}

    /** A short-lived program: little heap, cheap to start. */
    public static List<String> program(String classPath, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath,
                mainClass));
        command.addAll(arguments);
        return command;
    }

    /** The reference broker, or another long-lived class of Kafka's jars. */
    public static List<String> kafka(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                Folders.kafkaJars() + "/*",
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Milena with the given command line. The system property {@code milena.jar} replaces the built jar. */
    public static List<String> milena(String... arguments) {
        Path built = Folders.module().resolveSibling("server").resolve("target/milena.jar");
        List<String> command = new ArrayList<>(
                List.of(java(), "-Xmx512m", "-jar", System.getProperty("milena.jar", built.toString())));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Asks a running JVM for something. */
    public static List<String> jcmd(long pid, String question) {
        return List.of(tool("jcmd"), Long.toString(pid), question);
    }

    private static String java() {
        return tool("java");
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
