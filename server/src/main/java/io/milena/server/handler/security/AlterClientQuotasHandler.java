package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterClientQuotasRequest;
import io.milena.protocol.message.AlterClientQuotasResponse;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.QuotaChange;
import io.milena.server.cluster.QuotaEntity;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Changes quotas of users, clients and addresses (KIP-546). */
public final class AlterClientQuotasHandler implements ApiHandler<AlterClientQuotasRequest, AlterClientQuotasResponse> {
    private static final ChangeResult TWICE =
            new ChangeResult(ErrorCode.INVALID_REQUEST, "The entity is in the request more than once.");

    private final Controller controller;

    public AlterClientQuotasHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.ALTER_CLIENT_QUOTAS;
    }

    @Override
    public CompletionStage<AlterClientQuotasResponse> handle(AlterClientQuotasRequest request, RequestContext context) {
        Map<QuotaEntity, List<QuotaChange.Operation>> first = new LinkedHashMap<>();
        Map<QuotaEntity, ChangeResult> results = new LinkedHashMap<>();
        for (AlterClientQuotasRequest.Entry entry : request.entries()) {
            QuotaEntity entity = entity(entry);
            if (first.putIfAbsent(entity, operations(entry)) != null) {
                results.put(entity, TWICE);
            }
        }
        List<QuotaChange> changes = new ArrayList<>();
        first.forEach((entity, operations) -> changes.add(new QuotaChange(entity, operations)));
        Controller.Mode mode = request.validateOnly() ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return controller.alterQuotas(changes, mode).thenApply(changed -> {
            for (int i = 0; i < changes.size(); i++) {
                results.putIfAbsent(changes.get(i).entity(), changed.get(i));
            }
            return response(results);
        });
    }

    /** Of two parts of the same type the last counts, as with Kafka. */
    private static QuotaEntity entity(AlterClientQuotasRequest.Entry entry) {
        Map<String, QuotaEntity.Part> parts = new HashMap<>();
        entry.entity()
                .forEach(part ->
                        parts.put(part.entityType(), new QuotaEntity.Part(part.entityType(), part.entityName())));
        return new QuotaEntity(List.copyOf(parts.values()));
    }

    private static List<QuotaChange.Operation> operations(AlterClientQuotasRequest.Entry entry) {
        return entry.ops().stream()
                .map(operation -> new QuotaChange.Operation(operation.key(), value(operation)))
                .toList();
    }

    private static @Nullable Double value(AlterClientQuotasRequest.Op operation) {
        return operation.remove() ? null : (Double) operation.value();
    }

    private static AlterClientQuotasResponse response(Map<QuotaEntity, ChangeResult> results) {
        List<AlterClientQuotasResponse.Entry> entries = new ArrayList<>();
        results.forEach((entity, result) -> {
            String message = result.message();
            entries.add(new AlterClientQuotasResponse.Entry()
                    .errorCode(result.error())
                    .errorMessage(message == null ? null : Excerpt.of(message))
                    .entity(entity.parts().stream()
                            .map(part -> new AlterClientQuotasResponse.Entity()
                                    .entityType(part.type())
                                    .entityName(part.name()))
                            .toList()));
        });
        return new AlterClientQuotasResponse().entries(entries);
    }
}
