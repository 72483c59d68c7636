package io.milena.server.cluster;

import io.milena.server.config.BrokerSettings;
import io.milena.server.config.InvalidSettingException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of this broker with what the cluster changed of them at runtime. Follows the image; read by any thread. */
final class LiveSettings implements Supplier<BrokerSettings>, ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final BrokerSettings file;
    private volatile BrokerSettings current;

    /** @param file the settings the broker was started with */
    LiveSettings(BrokerSettings file) {
        this.file = file;
        current = file;
    }

    @Override
    public BrokerSettings get() {
        return current;
    }

    @Override
    public CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next) {
        if (!next.brokerConfigs().equals(previous.brokerConfigs())) {
            try {
                current = with(next.brokerConfigs(ownName()), next.brokerConfigs(ClusterImage.ALL_BROKERS));
                LOG.info("settings changed at runtime: settings={}", next.brokerConfigs());
            } catch (InvalidSettingException e) {
                // They were valid together with the file of their time; the file of today goes before them.
                LOG.error("settings changed at runtime are left out: reason={}", e.getMessage());
            }
        }
        return CompletableFuture.completedStage(null);
    }

    /** The name under which the image has the settings of this broker. */
    String ownName() {
        return String.valueOf(file.nodeId());
    }

    /** The settings of this broker if these were changed at runtime; throws {@link InvalidSettingException}. */
    BrokerSettings with(Map<String, String> own, Map<String, String> ofAllBrokers) {
        return file.withDynamic(own, ofAllBrokers);
    }
}
