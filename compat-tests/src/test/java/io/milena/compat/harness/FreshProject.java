package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Maven project of somebody who uses Milena as a library. Its repository holds our own artifacts as they were built, and by links
 * whatever this machine's repository has; so that nothing is installed, and the network is not needed.
 */
public final class FreshProject {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Map<String, String> ARTIFACTS = Map.of(
            "protocol", "milena-protocol", "log", "milena-log", "server", "milena-server", "junit", "milena-junit");
    private static final Pattern VERSION =
            Pattern.compile("<artifactId>milena-parent</artifactId>\\s*<version>(.*?)</version>");

    private final Path folder;
    private final Path repository;

    private FreshProject(Path folder) {
        this.folder = folder;
        repository = folder.resolve("repository");
    }

    /** An empty project with a repository. */
    public static FreshProject create(String name) throws IOException {
        FreshProject project = new FreshProject(Folders.fresh(name));
        project.fillRepository();
        return project;
    }

    /** Writes one of its files. */
    public void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Reads one of its files. */
    public String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs Maven in it. */
    public CommandResult maven(String... arguments) {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-o", "-ntp", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        try (ChildProcess process = ChildProcess.start("mvn", command, folder, Redirect.PIPE)) {
            int exit = process.awaitExit(TIMEOUT);
            return new CommandResult("mvn", exit, process.stdoutFile(), process.stderr());
        }
    }

    /** The version that is being built. */
    public static String version() throws IOException {
        Matcher matcher = VERSION.matcher(Files.readString(top().resolve("pom.xml")));
        if (!matcher.find()) {
            throw new IllegalStateException("no version in pom.xml");
        }
        return matcher.group(1);
    }

    private void fillRepository() throws IOException {
        Path own = Files.createDirectories(repository.resolve("io"));
        Path machines =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        link(machines, repository, "io");
        link(machines.resolve("io"), own, "milena");
        String version = version();
        copy(top().resolve("pom.xml"), own, "milena-parent", version, ".pom");
        for (Map.Entry<String, String> artifact : ARTIFACTS.entrySet()) {
            Path module = top().resolve(artifact.getKey());
            copy(module.resolve("pom.xml"), own, artifact.getValue(), version, ".pom");
            Path jar = module.resolve("target/" + artifact.getValue() + "-" + version + ".jar");
            copy(jar, own, artifact.getValue(), version, ".jar");
        }
    }

    private static Path top() {
        return Folders.module().getParent();
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static void copy(Path file, Path io, String artifact, String version, String ending) throws IOException {
        Path folder =
                Files.createDirectories(io.resolve("milena").resolve(artifact).resolve(version));
        Files.copy(file, folder.resolve(artifact + "-" + version + ending));
    }
}
