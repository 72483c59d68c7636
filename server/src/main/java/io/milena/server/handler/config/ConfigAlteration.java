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
    private final LoggerChange loggers;
    private final List<Resource> resources = new ArrayList<>();

    ConfigAlteration(ConfigChange.Start start, LoggerChange loggers) {
        this.start = start;
        this.loggers = loggers;
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
        List<@Nullable ChangeResult> doneHere = new ArrayList<>();
        List<ConfigChange> changes = new ArrayList<>();
        for (Resource resource : resources) {
            boolean twice = mentions.getOrDefault(new Key(resource.type, resource.name), 0) > 1;
            ChangeResult done = twice
                    ? invalidRequest("The resource is in the request more than once.")
                    : doneHere(resource, validateOnly);
            doneHere.add(done);
            if (done == null) {
                changes.add(new ConfigChange(target(resource), resource.name, start, resource.operations));
            }
        }
        Controller.Mode mode = validateOnly ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return controller.alterConfigs(changes, mode).thenApply(results -> {
            Iterator<ChangeResult> next = results.iterator();
            return doneHere.stream()
                    .map(done -> done == null ? next.next() : done)
                    .toList();
        });
    }

    private static ConfigChange.Target target(Resource resource) {
        return ConfigChange.Target.valueOf(String.valueOf(ResourceType.of(resource.type)));
    }

    /** What became of a resource that the controller need not hear of; null if it must. */
    private @Nullable ChangeResult doneHere(Resource resource, boolean validateOnly) {
        ResourceType type = ResourceType.of(resource.type);
        if (type == null) {
            return invalidRequest("There is no resource type " + resource.type + ".");
        }
        return switch (type) {
            case TOPIC, BROKER, CLIENT_METRICS, GROUP ->
                resource.operations.contains(null) ? invalidRequest("There is no such operation.") : null;
            case BROKER_LOGGER ->
                start == ConfigChange.Start.CURRENT
                        ? loggers.run(resource.name, resource.operations, validateOnly)
                        : invalidRequest("Levels of the log are changed one by one.");
        };
    }

    private static ChangeResult invalidRequest(String message) {
        return new ChangeResult(ErrorCode.INVALID_REQUEST, message);
    }
}
