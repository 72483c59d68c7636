package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** One admin client for each of two brokers: a call must give the same with both, a value or an error of the same kind. */
public final class AdminDifferential implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Differential brokers;
    private final Map<BrokerProcess, Admin> admins = new ConcurrentHashMap<>();

    /** Clients of these brokers, made when they are first needed. */
    public AdminDifferential(Differential brokers) {
        this.brokers = brokers;
    }

    /** A call that may fail. */
    public interface Call {
        /** Its value. */
        Object get() throws Exception;
    }

    /** Asserts that a call, whose result is a future or a map of futures, gives the same with both. */
    public void same(String what, Function<Admin, ?> call) {
        List<String> both = brokers.each(broker -> outcome(() -> resolved(call.apply(admin(broker)))));
        brokers.compared(Agreements.Kind.CALL, both.get(0).equals(both.get(1)));
        assertThat(both.get(0)).as(what).isEqualTo(both.get(1));
    }

    /** Waits until both say the same of the settings: the reference shows a change a little after it has answered. */
    public void sameSettings(ConfigResource resource, List<String> names) {
        List<String> both = new ArrayList<>();
        Waiting.until(
                resource + " to be the same",
                TIMEOUT,
                () -> {
                    both.clear();
                    both.addAll(brokers.each(broker -> settings(broker, resource, names)));
                    return both.get(0).equals(both.get(1));
                },
                both::toString);
        brokers.compared(Agreements.Kind.CALL, true);
    }

    /** The values of settings with their sources and synonyms. */
    public String settings(BrokerProcess broker, ConfigResource resource, List<String> names) {
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true);
        return outcome(() ->
                admin(broker)
                        .describeConfigs(List.of(resource), options)
                        .values()
                        .get(resource)
                        .get()
                        .entries()
                        .stream()
                        .filter(entry -> names.contains(entry.name()))
                        .map(entry -> entry.name() + "=" + entry.value() + " " + entry.source() + entry.synonyms())
                        .sorted()
                        .toList());
    }

    /** What a call gave, as text; the name of the exception if it failed. */
    public static String outcome(Call call) {
        try {
            return String.valueOf(call.get());
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    @Override
    public void close() {
        admins.values().forEach(Admin::close);
        admins.clear();
    }

    private Admin admin(BrokerProcess broker) {
        return admins.computeIfAbsent(broker, key -> Admin.create(Map.of("bootstrap.servers", key.bootstrap())));
    }

    private static Object resolved(Object result) throws Exception {
        if (result instanceof KafkaFuture<?> future) {
            return String.valueOf(future.get());
        }
        Map<String, String> values = new TreeMap<>();
        ((Map<?, ?>) result)
                .forEach((key, future) ->
                        values.put(String.valueOf(key), outcome(() -> ((KafkaFuture<?>) future).get())));
        return values;
    }
}
