package io.milena.server;

import io.milena.server.cluster.Controller;
import io.milena.server.cluster.Features;
import io.milena.server.config.BrokerSettings;
import io.milena.server.handler.cluster.ApiVersionsHandler;
import io.milena.server.handler.cluster.DescribeClusterHandler;
import io.milena.server.handler.cluster.FeatureLevels;
import io.milena.server.handler.config.DescribeConfigsHandler;
import io.milena.server.handler.topic.CreateTopicsHandler;
import io.milena.server.handler.topic.DeleteTopicsHandler;
import io.milena.server.handler.topic.DescribeTopicPartitionsHandler;
import io.milena.server.handler.topic.MetadataHandler;
import io.milena.server.request.Handlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The list of everything a broker answers. */
final class BrokerHandlers {
    private final BrokerSettings settings;
    private final Controller controller;

    BrokerHandlers(BrokerSettings settings, Controller controller) {
        this.settings = settings;
        this.controller = controller;
    }

    Handlers all() {
        AtomicReference<Handlers> announced = new AtomicReference<>(new Handlers(List.of()));
        FeatureLevels features = features();
        Handlers handlers = new Handlers(List.of(
                new MetadataHandler(controller, settings),
                new ApiVersionsHandler(announced::get, () -> features),
                new CreateTopicsHandler(controller, settings),
                new DeleteTopicsHandler(controller, settings),
                new DescribeConfigsHandler(controller, settings),
                new DescribeClusterHandler(controller),
                new DescribeTopicPartitionsHandler(controller, settings)));
        announced.set(handlers);
        return handlers;
    }

    private static FeatureLevels features() {
        return new FeatureLevels(
                0,
                List.of(new FeatureLevels.Feature(
                        Features.METADATA_VERSION,
                        Features.METADATA_VERSION_LOWEST,
                        Features.METADATA_VERSION_LEVEL,
                        Features.METADATA_VERSION_LEVEL)));
    }
}
