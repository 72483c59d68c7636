package io.milena.server.handler.topic;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.CreatePartitionsRequest;
import io.milena.protocol.message.CreatePartitionsResponse;
import io.milena.server.cluster.ChangeResult;
import io.milena.server.cluster.Controller;
import io.milena.server.cluster.MorePartitions;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.RequestContext;
import io.milena.server.strand.Timers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Gives topics more partitions, each topic on its own, or tells what would happen (KIP-195). */
public final class CreatePartitionsHandler implements ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse> {
    private static final ChangeResult TOO_LATE = new ChangeResult(ErrorCode.REQUEST_TIMED_OUT, null);

    private final Controller controller;
    private final TimeLimit timeLimit;

    public CreatePartitionsHandler(Controller controller, Timers timers) {
        this.controller = controller;
        timeLimit = new TimeLimit(timers);
    }

    @Override
    public ApiKey apiKey() {
        return ApiKey.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<CreatePartitionsResponse> handle(CreatePartitionsRequest request, RequestContext context) {
        Map<String, MorePartitions> wishes = new LinkedHashMap<>();
        Set<String> duplicates = new LinkedHashSet<>();
        for (CreatePartitionsRequest.Topic topic : request.topics()) {
            if (wishes.putIfAbsent(topic.name(), wish(topic)) != null) {
                duplicates.add(topic.name());
            }
        }
        wishes.keySet().removeAll(duplicates);
        List<MorePartitions> chosen = List.copyOf(wishes.values());
        Controller.Mode mode = request.validateOnly() ? Controller.Mode.VALIDATE_ONLY : Controller.Mode.APPLY;
        return timeLimit
                .within(
                        request.timeoutMs(),
                        () -> controller.createPartitions(chosen, mode),
                        () -> Collections.nCopies(chosen.size(), TOO_LATE))
                .thenApply(results -> answer(chosen, results, duplicates));
    }

    private static CreatePartitionsResponse answer(
            List<MorePartitions> chosen, List<ChangeResult> results, Set<String> duplicates) {
        List<CreatePartitionsResponse.Topic> answers = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            answers.add(answer(chosen.get(i).topic(), results.get(i)));
        }
        for (String name : duplicates) {
            answers.add(answer(
                    name, new ChangeResult(ErrorCode.INVALID_REQUEST, "The topic is in the request more than once.")));
        }
        return new CreatePartitionsResponse().results(answers);
    }

    private static MorePartitions wish(CreatePartitionsRequest.Topic topic) {
        List<CreatePartitionsRequest.Assignment> assignments = topic.assignments();
        return new MorePartitions(
                topic.name(),
                topic.count(),
                assignments == null
                        ? null
                        : assignments.stream()
                                .map(CreatePartitionsRequest.Assignment::brokerIds)
                                .toList());
    }

    private static CreatePartitionsResponse.Topic answer(String name, ChangeResult result) {
        return new CreatePartitionsResponse.Topic()
                .name(name)
                .errorCode(result.error())
                .errorMessage(result.message());
    }
}
