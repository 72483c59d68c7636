package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesRequest.FeatureUpdate;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.server.config.Excerpt;
import io.milena.server.handler.cluster.FeatureLevels.Feature;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sets levels of features (KIP-584). Those of this broker cannot move: the level in force is confirmed, any other is refused. */
public final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse> {
    private static final int FIRST_VERSION_WITHOUT_RESULTS = 2;

    /** An upgrade, a safe and an unsafe downgrade. */
    private static final int UPGRADE_TYPES = 3;

    private final Supplier<FeatureLevels> features;

    /** @param features the levels of now; asked for with each request */
    public UpdateFeaturesHandler(Supplier<FeatureLevels> features) {
        this.features = features;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.UPDATE_FEATURES;
    }

    @Override
    public CompletionStage<UpdateFeaturesResponse> handle(UpdateFeaturesRequest request, RequestContext context) {
        for (FeatureUpdate update : request.featureUpdates()) {
            String problem = problem(update);
            if (problem != null) {
                return CompletableFuture.completedStage(new UpdateFeaturesResponse()
                        .errorCode(ErrorCode.INVALID_UPDATE_VERSION)
                        .errorMessage(Excerpt.of(problem)));
            }
        }
        UpdateFeaturesResponse response = new UpdateFeaturesResponse().errorMessage(null);
        if (context.apiVersion() < FIRST_VERSION_WITHOUT_RESULTS) {
            response.results(request.featureUpdates().stream()
                    .map(update -> new UpdateFeaturesResponse.Result()
                            .feature(update.feature())
                            .errorMessage(null))
                    .toList());
        }
        return CompletableFuture.completedStage(response);
    }

    private @Nullable String problem(FeatureUpdate update) {
        if (update.upgradeType() < 1 || update.upgradeType() > UPGRADE_TYPES) {
            return "There is no upgrade type " + update.upgradeType() + ".";
        }
        for (Feature feature : features.get().features()) {
            if (feature.name().equals(update.feature())) {
                return update.maxVersionLevel() == feature.finalizedLevel()
                        ? null
                        : update.feature() + " is at level " + feature.finalizedLevel() + " and cannot be set to "
                                + update.maxVersionLevel() + ".";
            }
        }
        return "This broker has no feature " + update.feature() + ".";
    }
}
