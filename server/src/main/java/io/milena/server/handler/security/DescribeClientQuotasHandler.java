package io.milena.server.handler.security;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClientQuotasRequest;
import io.milena.protocol.message.DescribeClientQuotasResponse;
import io.milena.server.cluster.ImageSource;
import io.milena.server.cluster.QuotaEntity;
import io.milena.server.config.Excerpt;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells the quotas that match a filter (KIP-546). A filter that makes no sense is refused. */
public final class DescribeClientQuotasHandler
        implements ApiHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse> {
    private static final int EXACT = 0;

    /** Any name, and the default too. */
    private static final int SPECIFIED = 2;

    private final ImageSource images;

    public DescribeClientQuotasHandler(ImageSource images) {
        this.images = images;
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.DESCRIBE_CLIENT_QUOTAS;
    }

    @Override
    public CompletionStage<DescribeClientQuotasResponse> handle(
            DescribeClientQuotasRequest request, RequestContext context) {
        Set<String> types = new HashSet<>();
        for (DescribeClientQuotasRequest.Component component : request.components()) {
            DescribeClientQuotasResponse refusal = refusal(component, types);
            if (refusal != null) {
                return CompletableFuture.completedStage(refusal);
            }
        }
        if (types.contains(QuotaEntity.IP) && types.size() > 1) {
            return CompletableFuture.completedStage(
                    refusal(ErrorCode.INVALID_REQUEST, "An ip cannot be combined with a user or a client."));
        }
        List<DescribeClientQuotasResponse.Entry> entries = new ArrayList<>();
        images.image().quotas().forEach((entity, quotas) -> {
            if (matches(entity, request)) {
                entries.add(entry(entity, quotas));
            }
        });
        return CompletableFuture.completedStage(
                new DescribeClientQuotasResponse().errorMessage(null).entries(entries));
    }

    /** A strict filter wants its parts and no others; one without any parts, so, matches nothing. */
    private static boolean matches(QuotaEntity entity, DescribeClientQuotasRequest request) {
        if (request.strict() && entity.parts().size() != request.components().size()) {
            return false;
        }
        return request.components().stream()
                .allMatch(component -> entity.parts().stream().anyMatch(part -> matches(part, component)));
    }

    private static boolean matches(QuotaEntity.Part part, DescribeClientQuotasRequest.Component component) {
        return part.type().equals(component.entityType())
                && (component.matchType() == SPECIFIED || Objects.equals(part.name(), component.match()));
    }

    private static DescribeClientQuotasResponse.Entry entry(QuotaEntity entity, Map<String, Double> quotas) {
        return new DescribeClientQuotasResponse.Entry()
                .entity(entity.parts().stream()
                        .map(part -> new DescribeClientQuotasResponse.Entity()
                                .entityType(part.type())
                                .entityName(part.name()))
                        .toList())
                .values(quotas.entrySet().stream()
                        .map(quota -> new DescribeClientQuotasResponse.Value()
                                .key(quota.getKey())
                                .value(quota.getValue()))
                        .toList());
    }

    private static @Nullable DescribeClientQuotasResponse refusal(
            DescribeClientQuotasRequest.Component component, Set<String> types) {
        String type = component.entityType();
        if (type.isEmpty()) {
            return refusal(ErrorCode.INVALID_REQUEST, "A component of the filter has no entity type.");
        }
        if (!types.add(type)) {
            return refusal(ErrorCode.INVALID_REQUEST, "The filter has the entity type " + type + " more than once.");
        }
        if (component.matchType() < 0 || component.matchType() > SPECIFIED) {
            return refusal(ErrorCode.INVALID_REQUEST, "There is no match type " + component.matchType() + ".");
        }
        boolean exact = component.matchType() == EXACT;
        if (exact != (component.match() != null)) {
            return refusal(ErrorCode.INVALID_REQUEST, "A name belongs to an exact match, and only to that.");
        }
        return QuotaEntity.TYPES.contains(type)
                ? null
                : refusal(ErrorCode.UNSUPPORTED_VERSION, "There is no entity type " + type + ".");
    }

    private static DescribeClientQuotasResponse refusal(ErrorCode error, String message) {
        return new DescribeClientQuotasResponse()
                .errorCode(error)
                .errorMessage(Excerpt.of(message))
                .entries(null);
    }
}
