package io.milena;

import io.milena.protocol.ErrorCode;
import io.milena.server.Broker;
import io.milena.server.cluster.NewTopic;
import io.milena.server.cluster.TopicResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A topic that an embedded broker is to have, with one replica. */
record InitialTopic(String name, int partitions, Map<String, String> settings) {
    InitialTopic {
        settings = Map.copyOf(settings);
    }

    void createIfAbsent(Broker broker) {
        TopicResult result = ask(broker);
        if (result.error() != ErrorCode.TOPIC_ALREADY_EXISTS) {
            check(result);
        }
    }

    void create(Broker broker) {
        check(ask(broker));
    }

    private TopicResult ask(Broker broker) {
        NewTopic wish = new NewTopic(name, partitions, 1, List.of(), new LinkedHashMap<>(settings));
        return broker.createTopics(List.of(wish)).toCompletableFuture().join().get(0);
    }

    private static void check(TopicResult result) {
        if (result.error() != ErrorCode.NONE) {
            throw new MilenaException(
                    "cannot create the topic " + result.name() + ": " + result.error() + ": " + result.message(), null);
        }
    }
}
