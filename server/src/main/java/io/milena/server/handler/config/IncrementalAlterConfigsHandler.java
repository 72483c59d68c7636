package io.milena.server.handler.config;

import io.milena.protocol.ApiKey;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.ConfigChange;
import io.milena.server.cluster.Controller;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes single settings of topics and brokers; the others stay as they are (KIP-339). */
public final class IncrementalAlterConfigsHandler
        implements ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> {
    /** By their code on the wire. */
    private static final List<ConfigChange.Action> ACTIONS = List.of(
            ConfigChange.Action.SET,
            ConfigChange.Action.DELETE,
            ConfigChange.Action.APPEND,
            ConfigChange.Action.SUBTRACT);

    private final Controller controller;
    private final LoggerLevels loggers;

    public IncrementalAlterConfigsHandler(Controller controller, LoggerLevels loggers) {
        this.controller = controller;
        this.loggers = loggers;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.INCREMENTAL_ALTER_CONFIGS;
    }

    @Override
    public CompletionStage<IncrementalAlterConfigsResponse> handle(
            IncrementalAlterConfigsRequest request, RequestContext context) {
        ConfigAlteration alteration = new ConfigAlteration(
                ConfigChange.Start.CURRENT,
                new LoggerChange(loggers, String.valueOf(controller.settings().nodeId())));
        for (IncrementalAlterConfigsRequest.Resource resource : request.resources()) {
            List<ConfigChange.@Nullable Operation> operations = new ArrayList<>();
            resource.configs().forEach(config -> operations.add(operation(config)));
            alteration.add(resource.resourceType(), resource.resourceName(), operations);
        }
        return alteration.run(controller, request.validateOnly()).thenApply(results -> answer(request, results));
    }

    private static ConfigChange.@Nullable Operation operation(IncrementalAlterConfigsRequest.Config config) {
        int code = config.configOperation();
        return code < 0 || code >= ACTIONS.size()
                ? null
                : new ConfigChange.Operation(ACTIONS.get(code), config.name(), config.value());
    }

    private static IncrementalAlterConfigsResponse answer(
            IncrementalAlterConfigsRequest request, List<ChangeResult> results) {
        List<IncrementalAlterConfigsResponse.Resource> responses = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            responses.add(new IncrementalAlterConfigsResponse.Resource()
                    .errorCode(results.get(i).error())
                    .errorMessage(results.get(i).message())
                    .resourceType(request.resources().get(i).resourceType())
                    .resourceName(request.resources().get(i).resourceName()));
        }
        return new IncrementalAlterConfigsResponse().responses(responses);
    }
}
