package io.milena.server.handler.cluster;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.UpdateFeaturesRequest;
import io.milena.protocol.message.UpdateFeaturesResponse;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.FeatureUpdate;
import io.milena.server.cluster.FeatureUpdate.Direction;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sets levels of features (KIP-584): all that are asked for, or none. */
public final class UpdateFeaturesHandler implements ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse> {
    private static final int FIRST_VERSION_WITHOUT_RESULTS = 2;
    private static final int UPGRADE = 1;

    /** A safe downgrade has code 2, an unsafe one 3. */
    private static final int HIGHEST_TYPE = 3;

    private final Controller controller;

    public UpdateFeaturesHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.UPDATE_FEATURES;
    }

    @Override
    public CompletionStage<UpdateFeaturesResponse> handle(UpdateFeaturesRequest request, RequestContext context) {
        List<FeatureUpdate> updates = new ArrayList<>(request.featureUpdates().size());
        for (UpdateFeaturesRequest.FeatureUpdate update : request.featureUpdates()) {
            byte type = update.upgradeType();
            if (type < UPGRADE || type > HIGHEST_TYPE) {
                return CompletableFuture.completedStage(
                        refusal(ErrorCode.INVALID_UPDATE_VERSION, "There is no upgrade type " + type + "."));
            }
            updates.add(new FeatureUpdate(
                    update.feature(),
                    update.maxVersionLevel(),
                    type == UPGRADE ? Direction.UPGRADE : Direction.DOWNGRADE));
        }
        Controller.Mode mode = request.validateOnly() ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return controller.updateFeatures(updates, mode).thenApply(result -> response(request, context, result));
    }

    private static UpdateFeaturesResponse response(
            UpdateFeaturesRequest request, RequestContext context, ChangeResult result) {
        if (result.error() != ErrorCode.NONE) {
            return refusal(result.error(), String.valueOf(result.message()));
        }
        UpdateFeaturesResponse response = new UpdateFeaturesResponse().errorMessage(null);
        if (context.apiVersion() < FIRST_VERSION_WITHOUT_RESULTS) {
            response.results(request.featureUpdates().stream()
                    .map(update -> new UpdateFeaturesResponse.Result()
                            .feature(update.feature())
                            .errorMessage(null))
                    .toList());
        }
        return response;
    }

    private static UpdateFeaturesResponse refusal(ErrorCode error, String message) {
        return new UpdateFeaturesResponse().errorCode(error).errorMessage(Excerpt.of(message));
    }
}
