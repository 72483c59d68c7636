package io.milena.server.handler.config;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ConfigOwner;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.cluster.TopicName;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.ConfigEntry;
import io.milena.server.config.Excerpt;
import io.milena.server.config.OwnSettings;
import io.milena.server.config.Setting;
import io.milena.server.config.TopicSettings;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells the settings of topics, groups, subscriptions to metrics and of this broker, each with its source and what it shadows (KIP-133, KIP-226, KIP-569). */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse> {
    private static final byte LOGGER_SOURCE = 6;

    private final ImageSource images;
    private final Supplier<BrokerSettings> settings;
    private final LoggerLevels loggers;

    /** @param settings the broker's as they are now */
    public DescribeConfigsHandler(ImageSource images, Supplier<BrokerSettings> settings, LoggerLevels loggers) {
        this.loggers = loggers;
        this.images = images;
        this.settings = settings;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<DescribeConfigsResponse> handle(DescribeConfigsRequest request, RequestContext context) {
        return CompletableFuture.completedStage(new DescribeConfigsResponse()
                .results(request.resources().stream()
                        .map(resource -> describe(resource, request)
                                .resourceType(resource.resourceType())
                                .resourceName(resource.resourceName()))
                        .toList()));
    }

    private DescribeConfigsResponse.Result describe(
            DescribeConfigsRequest.Resource resource, DescribeConfigsRequest request) {
        ResourceType type = ResourceType.of(resource.resourceType());
        if (type == null) {
            return refusal(ErrorCode.INVALID_REQUEST, "There is no resource type " + resource.resourceType() + ".");
        }
        return switch (type) {
            case TOPIC -> topic(resource, request);
            case BROKER -> broker(resource, request);
            case BROKER_LOGGER -> loggers(resource);
            case CLIENT_METRICS, GROUP -> owner(type, resource, request);
        };
    }

    private DescribeConfigsResponse.Result topic(
            DescribeConfigsRequest.Resource resource, DescribeConfigsRequest request) {
        String problem = TopicName.problem(resource.resourceName());
        if (problem != null) {
            return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
        }
        TopicImage topic = images.image().topic(resource.resourceName());
        if (topic == null) {
            return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        return result(TopicSettings.of(settings.get(), topic.configs()).entries(), resource, request);
    }

    private DescribeConfigsResponse.Result broker(
            DescribeConfigsRequest.Resource resource, DescribeConfigsRequest request) {
        if (resource.resourceName().isEmpty()) {
            return result(settings.get().allBrokersEntries(), resource, request);
        }
        String problem = otherBroker(resource.resourceName());
        return problem == null
                ? result(settings.get().entries(), resource, request)
                : refusal(ErrorCode.INVALID_REQUEST, problem);
    }

    private DescribeConfigsResponse.Result owner(
            ResourceType type, DescribeConfigsRequest.Resource resource, DescribeConfigsRequest request) {
        String name = resource.resourceName();
        if (name.isEmpty()) {
            return refusal(ErrorCode.INVALID_REQUEST, "A resource of the type " + type + " needs a name.");
        }
        ClusterImage image = images.image();
        OwnSettings own = type == ResourceType.GROUP
                ? OwnSettings.ofGroup(settings.get(), image.configs(ConfigOwner.group(name)))
                : OwnSettings.ofClientMetrics(settings.get(), image.configs(ConfigOwner.clientMetrics(name)));
        return result(own.entries(), resource, request);
    }

    private DescribeConfigsResponse.Result loggers(DescribeConfigsRequest.Resource resource) {
        String problem = otherBroker(resource.resourceName());
        if (problem != null) {
            return refusal(ErrorCode.INVALID_REQUEST, problem);
        }
        List<String> keys = resource.configurationKeys();
        return new DescribeConfigsResponse.Result()
                .configs(loggers.levels().entrySet().stream()
                        .filter(level -> keys == null || keys.isEmpty() || keys.contains(level.getKey()))
                        .map(level -> new DescribeConfigsResponse.Config()
                                .name(level.getKey())
                                .value(level.getValue())
                                .configSource(LOGGER_SOURCE))
                        .toList());
    }

    /** Why a resource is not this broker, or null if it is. */
    private @Nullable String otherBroker(String name) {
        try {
            int nodeId = settings.get().nodeId();
            return Integer.parseInt(name) == nodeId
                    ? null
                    : "This is broker " + nodeId + ", which knows only its own settings, not those of " + name + ".";
        } catch (NumberFormatException e) {
            return "A broker is named by its number, not by \"" + name + "\".";
        }
    }

    private static DescribeConfigsResponse.Result result(
            List<ConfigEntry> entries, DescribeConfigsRequest.Resource resource, DescribeConfigsRequest request) {
        List<String> keys = resource.configurationKeys();
        return new DescribeConfigsResponse.Result()
                .configs(entries.stream()
                        .filter(entry -> keys == null
                                || keys.isEmpty()
                                || keys.contains(entry.setting().name()))
                        .map(entry -> config(entry, request))
                        .toList());
    }

    private static DescribeConfigsResponse.Config config(ConfigEntry entry, DescribeConfigsRequest request) {
        Setting setting = entry.setting();
        DescribeConfigsResponse.Config config = new DescribeConfigsResponse.Config()
                .name(setting.name())
                .value(entry.shownText())
                .readOnly(setting.update() == Setting.Update.STATIC)
                .configSource(entry.source().code())
                .isSensitive(setting.secret())
                .configType(setting.type().code())
                .documentation(request.includeDocumentation() ? setting.documentation() : null);
        if (request.includeSynonyms()) {
            config.synonyms(entry.synonyms().stream()
                    .map(synonym -> new DescribeConfigsResponse.Synonym()
                            .name(synonym.name())
                            .value(setting.secret() ? null : synonym.text())
                            .source(synonym.source().code()))
                    .toList());
        }
        return config;
    }

    private static DescribeConfigsResponse.Result refusal(ErrorCode error, @Nullable String message) {
        return new DescribeConfigsResponse.Result()
                .errorCode(error)
                .errorMessage(message == null ? "" : Excerpt.of(message));
    }
}
