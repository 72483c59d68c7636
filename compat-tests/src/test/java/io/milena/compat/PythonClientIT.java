package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.CommandResult;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.RunningBroker;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest librdkafka, driven from Python: every codec, groups of both protocols (also of a hundred members), offsets, topics, transactions. */
class PythonClientIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    /** Each scenario checks itself, see {@code src/test/python}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "gzip",
                "snappy",
                "lz4",
                "zstd",
                "classic",
                "consumer",
                "moves-classic",
                "moves-consumer",
                "crowd-classic",
                "crowd-consumer",
                "offsets",
                "administer",
                "transact"
            })
    void shouldPass(String scenario) {
        CommandResult result = CommandResult.of(
                "python",
                List.of(
                        Folders.target().resolve("python/bin/python").toString(),
                        Folders.module().resolve("src/test/python/client.py").toString(),
                        BROKER.bootstrap(),
                        scenario),
                null);
        assertThat(result.succeeded().stdout()).isEqualTo("ok " + scenario + "\n");
    }
}
