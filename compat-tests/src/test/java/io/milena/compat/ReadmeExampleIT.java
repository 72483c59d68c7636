package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.Folders;
import io.milena.compat.harness.FreshProject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's test with an embedded broker, in a Maven project that has nothing but what the README says. */
class ReadmeExampleIT {
    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>example</groupId>
              <artifactId>orders</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.3.1</version></dependency>
                <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.14.3</version><scope>test</scope></dependency>
                %s
              </dependencies>
              <build>
                <pluginManagement>
                  <plugins>
                    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.4.0</version></plugin>
                    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
                    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.5</version></plugin>
                  </plugins>
                </pluginManagement>
              </build>
            </project>
            """;

    @Test
    void shouldRunInFreshProject() throws IOException {
        String readme = Files.readString(Folders.module().resolveSibling("README.md"));
        String dependency = block(readme, "xml");
        assertThat(dependency).contains("<version>" + FreshProject.version() + "</version>");
        FreshProject project = FreshProject.create("fresh-project");
        project.write("pom.xml", POM.formatted(dependency));
        project.write("src/test/java/OrdersTest.java", block(readme, "java"));

        String output = project.maven(
                        "test",
                        "org.apache.maven.plugins:maven-dependency-plugin:3.10.0:build-classpath",
                        "-Dmdep.outputFile=classpath.txt")
                .succeeded()
                .stdout();

        assertThat(output).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(project.read("classpath.txt").split(":", -1))
                .anyMatch(jar -> jar.contains("milena-server"))
                .noneMatch(jar -> jar.contains("logback") || jar.contains("picocli") || jar.contains("generator"))
                .filteredOn(jar -> jar.contains("org/apache/kafka"))
                .singleElement()
                .satisfies(jar -> assertThat(jar).contains("kafka-clients-4.3.1"));
    }

    private static String block(String readme, String language) {
        Matcher matcher =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(matcher.find())
                .as("a block of " + language + " in the README")
                .isTrue();
        return matcher.group(1);
    }
}
