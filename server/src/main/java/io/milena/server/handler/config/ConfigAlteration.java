package io.milena.server.handler.config;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.ConfigChange;
import io.milena.server.cluster.Controller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request to change settings: what can be changed goes to the controller, the rest is refused here. */
final class ConfigAlteration {
    private final ConfigChange.Start start;
    private final String ownName;
    private final List<Resource> resources = new ArrayList<>();

    ConfigAlteration(ConfigChange.Start start, int nodeId) {
        this.start = start;
        ownName = String.valueOf(nodeId);
    }

    /** What is to be done to one resource. */
    private record Resource(byte type, String name, List<ConfigChange.Operation> operations) {}

    private record Key(byte type, String name) {}

    /** Adds a resource of the request; an operation is null if there is no such operation. */
    void add(byte type, String name, List<ConfigChange.@Nullable Operation> operations) {
        resources.add(new Resource(type, name, new ArrayList<>(operations)));
    }

    /** Does it all, or only checks it. One result for each resource, in their order. */
    CompletionStage<List<ChangeResult>> run(Controller controller, boolean validateOnly) {
        Map<Key, Integer> mentions = new HashMap<>();
        for (Resource resource : resources) {
            mentions.merge(new Key(resource.type, resource.name), 1, Integer::sum);
        }
        List<@Nullable ChangeResult> refusals = new ArrayList<>();
        List<ConfigChange> changes = new ArrayList<>();
        for (Resource resource : resources) {
            boolean twice = mentions.getOrDefault(new Key(resource.type, resource.name), 0) > 1;
            ChangeResult refusal =
                    twice ? invalidRequest("The resource is in the request more than once.") : refusal(resource);
            refusals.add(refusal);
            if (refusal == null) {
                changes.add(new ConfigChange(target(resource), resource.name, start, resource.operations));
            }
        }
        Controller.Mode mode = validateOnly ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return controller.alterConfigs(changes, mode).thenApply(results -> {
            Iterator<ChangeResult> next = results.iterator();
            return refusals.stream()
                    .map(refusal -> refusal == null ? next.next() : refusal)
                    .toList();
        });
    }

    private static ConfigChange.Target target(Resource resource) {
        return ConfigChange.Target.valueOf(String.valueOf(ResourceType.of(resource.type)));
    }

    private @Nullable ChangeResult refusal(Resource resource) {
        ResourceType type = ResourceType.of(resource.type);
        if (type == null) {
            return invalidRequest("There is no resource type " + resource.type + ".");
        }
        return switch (type) {
            case TOPIC, BROKER, CLIENT_METRICS, GROUP ->
                resource.operations.contains(null) ? invalidRequest("There is no such operation.") : null;
            case BROKER_LOGGER ->
                start == ConfigChange.Start.CURRENT && resource.name.equals(ownName)
                        ? new ChangeResult(
                                ErrorCode.INVALID_CONFIG,
                                "This broker does not change the levels of its log at runtime.")
                        : invalidRequest("Levels of the log are changed one by one, by the broker that has them.");
        };
    }

    private static ChangeResult invalidRequest(String message) {
        return new ChangeResult(ErrorCode.INVALID_REQUEST, message);
    }
}
