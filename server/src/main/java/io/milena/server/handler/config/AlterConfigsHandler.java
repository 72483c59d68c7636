package io.milena.server.handler.config;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.AlterConfigsRequest;
import io.milena.protocol.message.AlterConfigsResponse;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.ConfigChange;
import io.milena.server.cluster.Controller;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Replaces all settings of topics and brokers: what the request does not name is unset. */
public final class AlterConfigsHandler implements ApiHandler<AlterConfigsRequest, AlterConfigsResponse> {
    private final Controller controller;
    private final LoggerLevels loggers;

    public AlterConfigsHandler(Controller controller, LoggerLevels loggers) {
        this.controller = controller;
        this.loggers = loggers;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<AlterConfigsResponse> handle(AlterConfigsRequest request, RequestContext context) {
        ConfigAlteration alteration = new ConfigAlteration(
                ConfigChange.Start.NOTHING,
                new LoggerChange(loggers, String.valueOf(controller.settings().nodeId())));
        for (AlterConfigsRequest.Resource resource : request.resources()) {
            List<ConfigChange.@Nullable Operation> operations = new ArrayList<>();
            resource.configs()
                    .forEach(config -> operations.add(
                            new ConfigChange.Operation(ConfigChange.Action.SET, config.name(), config.value())));
            alteration.add(resource.resourceType(), resource.resourceName(), operations);
        }
        return alteration.run(controller, request.validateOnly()).thenApply(results -> answer(request, results));
    }

    private static AlterConfigsResponse answer(AlterConfigsRequest request, List<ChangeResult> results) {
        List<AlterConfigsResponse.Resource> responses = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            responses.add(new AlterConfigsResponse.Resource()
                    .errorCode(results.get(i).error())
                    .errorMessage(results.get(i).message())
                    .resourceType(request.resources().get(i).resourceType())
                    .resourceName(request.resources().get(i).resourceName()));
        }
        return new AlterConfigsResponse().responses(responses);
    }
}
