package io.milena.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.milena.Milena;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs small test classes and looks at the brokers they got. */
class LifecycleTest {
    private static final Set<Path> FOLDERS = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void forget() {
        FOLDERS.clear();
    }

    @Test
    void shouldShareOneBrokerInAClass() {
        assertAllSucceed(2, Shared.class);
        assertThat(FOLDERS).hasSize(1).noneMatch(Files::exists);
    }

    @Test
    void shouldStartOneBrokerForEachTest() {
        assertAllSucceed(3, PerMethod.class);
        assertThat(FOLDERS).hasSize(3).noneMatch(Files::exists);
    }

    @Test
    void shouldGiveClassesAndTestsThatRunAtTheSameTimeTheirOwn() {
        assertAllSucceed(13, Shared.class, PerMethod.class, Repeated.class);
        assertThat(FOLDERS).hasSize(1 + 3 + 8).noneMatch(Files::exists);
    }

    @Test
    void shouldHoldForAnnotationsOfOthers() {
        assertAllSucceed(1, Derived.class);
        assertThat(FOLDERS).hasSize(1);
    }

    @Test
    void shouldSayWhatIsWrongWithASetting() {
        assertThat(failure(BadSetting.class)).contains("\"none\"").contains("name=value");
        assertThat(failure(BadValue.class)).contains("num.partitions cannot be \"none\"");
    }

    @Test
    void shouldSayThatThereIsNoBrokerYet() {
        assertThat(failure(TooEarly.class)).contains("PER_METHOD");
    }

    private static void assertAllSucceed(int tests, Class<?>... classes) {
        run(classes)
                .testEvents()
                .assertStatistics(events -> events.started(tests).succeeded(tests));
    }

    private static String failure(Class<?> type) {
        return run(type).allEvents().failed().stream()
                .map(event -> String.valueOf(event.getPayload().orElseThrow()))
                .findFirst()
                .orElseThrow();
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent");
        Arrays.stream(classes).forEach(type -> builder.selectors(selectClass(type)));
        return builder.execute();
    }

    @WithMilena
    static class Shared {
        @Test
        void first(Milena broker) {
            FOLDERS.add(broker.dataFolder());
        }

        @Test
        void second(Milena broker) {
            FOLDERS.add(broker.dataFolder());
        }
    }

    @WithMilena(lifecycle = WithMilena.Lifecycle.PER_METHOD)
    @Execution(ExecutionMode.CONCURRENT)
    static class PerMethod {
        Milena broker;

        @Test
        void first() {
            FOLDERS.add(broker.dataFolder());
        }

        @Test
        void second() {
            FOLDERS.add(broker.dataFolder());
        }

        @Nested
        class Inside {
            @Test
            void third(Milena parameter) {
                assertThat(parameter).isSameAs(broker);
                FOLDERS.add(parameter.dataFolder());
            }
        }
    }

    @WithMilena(lifecycle = WithMilena.Lifecycle.PER_METHOD)
    @Execution(ExecutionMode.CONCURRENT)
    static class Repeated {
        @RepeatedTest(8)
        void once(Milena broker) {
            broker.createTopic("only-here", 1);
            FOLDERS.add(broker.dataFolder());
        }
    }

    @WithMilena(topics = @Topic(name = "orders"))
    @Retention(RetentionPolicy.RUNTIME)
    @interface WithOrders {}

    @WithOrders
    static class Derived {
        @Test
        void first(Milena broker) {
            FOLDERS.add(broker.dataFolder());
        }
    }

    @WithMilena(settings = "none")
    static class BadSetting extends Shared {}

    @WithMilena(settings = "num.partitions=none")
    static class BadValue extends Shared {}

    @WithMilena(lifecycle = WithMilena.Lifecycle.PER_METHOD)
    static class TooEarly {
        @BeforeAll
        static void before(Milena broker) {
            FOLDERS.add(broker.dataFolder());
        }

        @Test
        void never() {
            assertThat(FOLDERS).isEmpty();
        }
    }
}
