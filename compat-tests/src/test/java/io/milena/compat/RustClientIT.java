package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.RunningBroker;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Rust client with a librdkafka of its own: codecs, groups of both protocols, commits, seek, pause, offsets by time, patterns, transactions. */
class RustClientIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    /** Each scenario checks itself, see {@code src/test/rust}. */
    @ParameterizedTest
    @ValueSource(
            strings = {"none", "snappy", "lz4", "classic", "consumer", "moves-classic", "moves-consumer", "transact"})
    void shouldPass(String scenario) {
        CommandResult result = CommandResult.of(
                "rust",
                List.of(
                        Folders.module()
                                .resolve("src/test/rust/target/debug/milena-compat-client")
                                .toString(),
                        BROKER.bootstrap(),
                        scenario),
                null);
        assertThat(result.succeeded().stdout()).isEqualTo("ok " + scenario + "\n");
    }
}
