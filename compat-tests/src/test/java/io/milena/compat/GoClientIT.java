package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.RunningBroker;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** franz-go, a client of its own making: every codec, groups, commits, seek, pause, patterns, offsets, topics, transactions. */
class GoClientIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    /** Each scenario checks itself, see {@code src/test/go}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "gzip",
                "snappy",
                "lz4",
                "zstd",
                "group",
                "moves-classic",
                "moves-consumer",
                "offsets",
                "administer",
                "transact"
            })
    void shouldPass(String scenario) {
        CommandResult result = CommandResult.of(
                "go", List.of(Folders.target().resolve("go-client").toString(), BROKER.bootstrap(), scenario), null);
        assertThat(result.succeeded().stdout()).isEqualTo("ok " + scenario + "\n");
    }
}
