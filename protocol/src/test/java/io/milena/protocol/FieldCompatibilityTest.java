package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.KafkaMessages.Pair;
import io.milena.protocol.wire.ProtocolException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message and each part of one with a single field set, written in every version: where Kafka refuses because the
 * version would lose the field or cannot have null, so do we, and where Kafka drops the field silently, so do we. Without
 * any field set this compares the defaults.
 */
class FieldCompatibilityTest {
    private List<Integer> versions = List.of();

    static List<Pair> messages() {
        return KafkaMessages.all();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldTreatEachFieldAsKafkaDoes(Pair pair) {
        versions = pair.versions();
        compare(pair.ours(), pair.newKafka().get().getClass(), new ArrayList<>());
    }

    private void compare(Class<?> ours, Class<?> kafka, List<Class<?>> done) {
        if (done.contains(ours)) {
            return;
        }
        done.add(ours);
        assertSameInAllVersions(create(ours), create(kafka), ours.getName());
        for (Method setter : setters(ours)) {
            Method kafkaSetter = kafkaSetter(kafka, setter.getName());
            Class<?> part = part(setter);
            if (part != null) {
                compare(part, kafkaPart(kafka, setter.getName()), done);
            }
            Object value = value(setter);
            if (value != null) {
                Object kafkaValue = kafkaValue(value, kafkaSetter, kafka);
                assertSameInAllVersions(
                        with(ours, setter, value), with(kafka, kafkaSetter, kafkaValue), setter.toString());
            }
            if (setter.getParameters()[0].getAnnotatedType().isAnnotationPresent(Nullable.class)
                    && !isOptionalStruct(setter)) {
                assertSameInAllVersions(with(ours, setter, null), with(kafka, kafkaSetter, null), setter + " null");
            }
        }
    }

    /** A part that Kafka cannot write even with its defaults does not exist in that version. */
    private void assertSameInAllVersions(Object ours, Object kafka, String place) {
        for (int version : versions) {
            if (written(create(kafka.getClass()), version) != null) {
                assertThat(written(ours, version))
                        .as("%s version %s", place, version)
                        .isEqualTo(written(kafka, version));
            }
        }
    }

    /** The bytes, or null if the message cannot be written in this version. */
    private static @Nullable ByteBuffer written(Object message, int version) {
        try {
            return message instanceof org.apache.kafka.common.protocol.Message kafka
                    ? KafkaMessages.writeKafka(kafka, version)
                    : OurMessages.writePart(message, version);
        } catch (ProtocolException | UnsupportedVersionException | NullPointerException e) {
            return null;
        }
    }

    private static List<Method> setters(Class<?> ours) {
        List<Method> setters = new ArrayList<>();
        for (Method method : ours.getDeclaredMethods()) {
            if (method.getReturnType() == ours && method.getParameterCount() == 1) {
                setters.add(method);
            }
        }
        return setters;
    }

    private static @Nullable Class<?> part(Method setter) {
        Class<?> type = setter.getParameterTypes()[0];
        if (setter.getGenericParameterTypes()[0] instanceof ParameterizedType list) {
            type = (Class<?>) list.getActualTypeArguments()[0];
        }
        return type.getEnclosingClass() == null ? null : type;
    }

    private static boolean isOptionalStruct(Method setter) {
        return setter.getParameterTypes()[0].getEnclosingClass() != null;
    }

    private static Class<?> kafkaPart(Class<?> kafka, String field) {
        Class<?> type = kafkaSetter(kafka, field).getParameterTypes()[0];
        if (!Collection.class.isAssignableFrom(type)) {
            return type;
        }
        if (kafkaSetter(kafka, field).getGenericParameterTypes()[0] instanceof ParameterizedType list) {
            return (Class<?>) list.getActualTypeArguments()[0];
        }
        ParameterizedType multi = (ParameterizedType) type.getGenericSuperclass();
        return (Class<?>) multi.getActualTypeArguments()[0];
    }

    private static Method kafkaSetter(Class<?> kafka, String field) {
        for (Method method : kafka.getMethods()) {
            if (method.getName().toLowerCase(Locale.ROOT).equals("set" + field.toLowerCase(Locale.ROOT))) {
                return method;
            }
        }
        throw new AssertionError(kafka + " has no field " + field);
    }

    /** A value that no field has by default; null for structs and records, which the random test covers. */
    private static @Nullable Object value(Method setter) {
        if (setter.getGenericParameterTypes()[0] instanceof ParameterizedType list) {
            return List.of(single((Class<?>) list.getActualTypeArguments()[0]));
        }
        Class<?> type = setter.getParameterTypes()[0];
        return type.isInterface() || type.getEnclosingClass() != null ? null : single(type);
    }

    private static Object single(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "boolean", "Boolean" -> true;
            case "byte", "Byte" -> (byte) 77;
            case "short", "Short" -> (short) 77;
            case "int", "Integer" -> 77;
            case "long", "Long" -> 77L;
            case "double" -> 7.7;
            case "String" -> "seventy-seven";
            case "UUID" -> new UUID(7, 7);
            case "ErrorCode" -> ErrorCode.REQUEST_TIMED_OUT;
            case "byte[]" -> new byte[] {7, 7};
            default -> create(type);
        };
    }

    private static Object kafkaValue(Object value, Method setter, Class<?> kafka) {
        Class<?> type = setter.getParameterTypes()[0];
        if (value instanceof List<?> list) {
            Object element = list.get(0);
            boolean struct = element.getClass().getEnclosingClass() != null;
            Object converted = struct
                    ? create(kafkaPart(kafka, setter.getName().substring(3)))
                    : kafkaValue(element, setter, kafka);
            return type == List.class ? List.of(converted) : collection(type, converted);
        }
        if (value instanceof UUID uuid) {
            return new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        if (value instanceof ErrorCode error) {
            return error.code();
        }
        return value instanceof byte[] bytes && type == ByteBuffer.class ? ByteBuffer.wrap(bytes) : value;
    }

    @SuppressWarnings("unchecked")
    private static Object collection(Class<?> type, Object element) {
        Collection<Object> collection = (Collection<Object>) create(type);
        collection.add(element);
        return collection;
    }

    private static Object with(Class<?> type, Method setter, @Nullable Object value) {
        Object message = create(type);
        try {
            setter.invoke(message, value);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new AssertionError(setter + " " + value, e);
        }
        return message;
    }

    private static Object create(Class<?> type) {
        return KafkaMessages.newInstance(type);
    }
}
