package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Versions;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.ApiVersionsResponse.ApiVersion;
import io.milena.protocol.message.ApiVersionsResponse.FinalizedFeature;
import io.milena.protocol.message.ApiVersionsResponse.SupportedFeature;
import io.milena.server.handler.cluster.FeatureLevels.Feature;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.Handlers;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Announces what this broker serves, and remembers what the client says it is (KIP-35, KIP-511, KIP-584). Requests of a version it does not
 * know never come here: the network answers them.
 */
public final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequest, ApiVersionsResponse> {
    private static final int FIRST_VERSION_WITH_SOFTWARE = 3;

    /** Older clients fail on features whose lowest level is 0 (KAFKA-17011). */
    private static final int FIRST_VERSION_WITH_LEVEL_ZERO = 4;

    /** librdkafka and others want to see produce version 0, which they never send, to use any version (KAFKA-18659). */
    private static final short ANNOUNCED_LOWEST_PRODUCE = 0;

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final Supplier<Handlers> handlers;
    private final Supplier<FeatureLevels> features;

    /**
     * @param handlers all handlers of this broker, this one among them; asked for with each request
     * @param features the levels of now; asked for with each request
     */
    public ApiVersionsHandler(Supplier<Handlers> handlers, Supplier<FeatureLevels> features) {
        this.handlers = handlers;
        this.features = features;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.API_VERSIONS;
    }

    @Override
    public CompletionStage<ApiVersionsResponse> handle(ApiVersionsRequest request, RequestContext context) {
        if (context.apiVersion() >= FIRST_VERSION_WITH_SOFTWARE) {
            String name = request.clientSoftwareName();
            String version = request.clientSoftwareVersion();
            if (!SOFTWARE.matcher(name).matches() || !SOFTWARE.matcher(version).matches()) {
                return CompletableFuture.completedFuture(
                        new ApiVersionsResponse().errorCode(ErrorCode.INVALID_REQUEST));
            }
            context.connection().software(name, version);
        }
        return CompletableFuture.completedFuture(announcement(context.apiVersion()));
    }

    private ApiVersionsResponse announcement(short apiVersion) {
        FeatureLevels levels = features.get();
        ApiVersionsResponse response =
                new ApiVersionsResponse().apiKeys(apiVersions()).finalizedFeaturesEpoch(levels.epoch());
        List<SupportedFeature> supported = new ArrayList<>();
        List<FinalizedFeature> finalized = new ArrayList<>();
        for (Feature feature : levels.features()) {
            if (feature.minLevel() > 0 || apiVersion >= FIRST_VERSION_WITH_LEVEL_ZERO) {
                supported.add(new SupportedFeature()
                        .name(feature.name())
                        .minVersion(feature.minLevel())
                        .maxVersion(feature.maxLevel()));
            }
            if (feature.finalizedLevel() > 0) {
                finalized.add(new FinalizedFeature()
                        .name(feature.name())
                        .minVersionLevel(feature.finalizedLevel())
                        .maxVersionLevel(feature.finalizedLevel()));
            }
        }
        return response.supportedFeatures(supported).finalizedFeatures(finalized);
    }

    private List<ApiVersion> apiVersions() {
        List<ApiVersion> announced = new ArrayList<>();
        for (ApiHandler<?, ?> handler : handlers.get().all()) {
            if (!handler.announced()) {
                continue;
            }
            Versions versions = handler.versions();
            boolean produce = handler.apiKey() == ApiKey.PRODUCE;
            announced.add(new ApiVersion()
                    .apiKey(handler.apiKey().id())
                    .minVersion(produce ? ANNOUNCED_LOWEST_PRODUCE : versions.lowest())
                    .maxVersion(versions.highest()));
        }
        return announced;
    }
}
