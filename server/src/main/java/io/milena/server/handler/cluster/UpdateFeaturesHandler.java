package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesRequest.FeatureUpdate;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.server.handler.cluster.FeatureLevels.Feature;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sets levels of features (KIP-584). Those of this broker cannot move: the level in force is confirmed, any other is refused. */
public final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse> {
    private static final int FIRST_VERSION_WITHOUT_RESULTS = 2;

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
        List<UpdateFeaturesResponse.Result> results = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String firstProblem = null;
        ErrorCode firstError = ErrorCode.NONE;
        for (FeatureUpdate update : request.featureUpdates()) {
            boolean twice = !names.add(update.feature());
            String problem = twice ? update.feature() + " is in the request more than once." : problem(update);
            ErrorCode error = twice
                    ? ErrorCode.INVALID_REQUEST
                    : problem == null ? ErrorCode.NONE : ErrorCode.INVALID_UPDATE_VERSION;
            results.add(new UpdateFeaturesResponse.Result()
                    .feature(update.feature())
                    .errorCode(error)
                    .errorMessage(problem));
            if (firstProblem == null) {
                firstProblem = problem;
                firstError = error;
            }
        }
        return CompletableFuture.completedStage(
                context.apiVersion() < FIRST_VERSION_WITHOUT_RESULTS
                        ? new UpdateFeaturesResponse().errorMessage(null).results(results)
                        : new UpdateFeaturesResponse().errorCode(firstError).errorMessage(firstProblem));
    }

    private @Nullable String problem(FeatureUpdate update) {
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
