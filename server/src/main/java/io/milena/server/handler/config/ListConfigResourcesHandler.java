package io.milena.server.handler.config;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListConfigResourcesRequest;
import io.milena.protocol.message.ListConfigResourcesResponse;
import io.milena.server.cluster.BrokerImage;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ConfigOwner;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.TopicImage;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Names what can have settings (KIP-1142); before version 1, only the subscriptions to metrics of clients. */
public final class ListConfigResourcesHandler
        implements ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse> {
    private final ImageSource images;

    public ListConfigResourcesHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.LIST_CONFIG_RESOURCES;
    }

    @Override
    public CompletionStage<ListConfigResourcesResponse> handle(
            ListConfigResourcesRequest request, RequestContext context) {
        Set<ResourceType> types = EnumSet.noneOf(ResourceType.class);
        if (context.apiVersion() == 0) {
            types.add(ResourceType.CLIENT_METRICS);
        } else if (request.resourceTypes().isEmpty()) {
            types.addAll(EnumSet.allOf(ResourceType.class));
        }
        for (byte code : request.resourceTypes()) {
            ResourceType type = ResourceType.of(code);
            if (type == null) {
                return CompletableFuture.completedStage(
                        new ListConfigResourcesResponse().errorCode(ErrorCode.UNSUPPORTED_VERSION));
            }
            types.add(type);
        }
        ClusterImage image = images.image();
        List<ListConfigResourcesResponse.ConfigResource> resources = new ArrayList<>();
        for (ResourceType type : types) {
            names(image, type)
                    .forEach(name -> resources.add(new ListConfigResourcesResponse.ConfigResource()
                            .resourceName(name)
                            .resourceType(type.code())));
        }
        return CompletableFuture.completedStage(new ListConfigResourcesResponse().configResources(resources));
    }

    private static List<String> names(ClusterImage image, ResourceType type) {
        return switch (type) {
            case TOPIC -> image.topics().stream().map(TopicImage::name).toList();
            case BROKER, BROKER_LOGGER ->
                image.brokers().stream()
                        .map(BrokerImage::id)
                        .map(String::valueOf)
                        .toList();
            case CLIENT_METRICS -> names(image, ConfigOwner.Kind.CLIENT_METRICS);
            case GROUP -> names(image, ConfigOwner.Kind.GROUP);
        };
    }

    private static List<String> names(ClusterImage image, ConfigOwner.Kind kind) {
        return image.ownerConfigs().keySet().stream()
                .filter(owner -> owner.kind() == kind)
                .map(ConfigOwner::name)
                .toList();
    }
}
