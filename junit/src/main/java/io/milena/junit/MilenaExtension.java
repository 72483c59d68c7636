package io.milena.junit;

import io.milena.Milena;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * What {@link WithMilena} does. A broker is kept in the store of the context it belongs to, a class's or a method's, where it is found
 * from below; so nothing is shared between classes or tests that run at the same time.
 */
final class MilenaExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MilenaExtension.class);
    private static final String BROKER = "broker";

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        AnnotationSupport.findAnnotation(testClass, WithMilena.class)
                .filter(wish -> wish.lifecycle() == WithMilena.Lifecycle.PER_CLASS)
                .ifPresent(wish -> start(wish, context));
        Milena broker = brokerOf(context);
        if (broker != null) {
            inject(testClass, null, broker);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        wishForEach(context).ifPresent(wish -> start(wish, context));
        Milena broker = brokerOf(context);
        if (broker != null) {
            context.getRequiredTestInstances()
                    .getAllInstances()
                    .forEach(instance -> inject(instance.getClass(), instance, broker));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Milena.class || (type == String.class && parameter.isAnnotated(BootstrapServers.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Milena broker = brokerOf(context);
        if (broker == null) {
            throw new ParameterResolutionException(
                    "no broker runs here: one of @WithMilena(lifecycle = PER_METHOD) lives from before each test until after it");
        }
        return parameter.getParameter().getType() == Milena.class ? broker : broker.bootstrapServers();
    }

    /** The wish of the method itself, or of its class or the next one around it if that asks for a broker for each test. */
    private static Optional<WithMilena> wishForEach(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        Optional<WithMilena> own = AnnotationSupport.findAnnotation(method, WithMilena.class);
        if (own.isPresent()) {
            return own;
        }
        Optional<WithMilena> around = Optional.empty();
        for (Class<?> type = context.getRequiredTestClass();
                type != null && around.isEmpty();
                type = type.getEnclosingClass()) {
            around = AnnotationSupport.findAnnotation(type, WithMilena.class);
        }
        return around.filter(wish -> wish.lifecycle() == WithMilena.Lifecycle.PER_METHOD);
    }

    private static void start(WithMilena wish, ExtensionContext context) {
        Milena.Builder builder = Milena.builder().set(SettingPairs.of(wish.settings()));
        for (Topic topic : wish.topics()) {
            builder.topic(topic.name(), topic.partitions(), SettingPairs.of(topic.settings()));
        }
        context.getStore(NAMESPACE).put(BROKER, builder.start());
    }

    private static @Nullable Milena brokerOf(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(BROKER, Milena.class);
    }

    /** Closes the broker of this very context, not one of a class around it. */
    private static void close(ExtensionContext context) {
        Milena broker = context.getStore(NAMESPACE).remove(BROKER, Milena.class);
        if (broker != null) {
            broker.close();
        }
    }

    /** Sets the fields of an instance, or the static ones of a class. */
    private static void inject(Class<?> type, @Nullable Object instance, Milena broker) {
        Predicate<Field> wanted =
                field -> MarkedField.takesBroker(field) && MarkedField.isStatic(field) == (instance == null);
        for (Field field : ReflectionSupport.findFields(type, wanted, HierarchyTraversalMode.TOP_DOWN)) {
            try {
                field.setAccessible(true);
                field.set(instance, field.getType() == Milena.class ? broker : broker.bootstrapServers());
            } catch (IllegalAccessException | RuntimeException e) {
                throw new ExtensionConfigurationException("cannot set the field " + field + ": " + e.getMessage(), e);
            }
        }
    }
}
