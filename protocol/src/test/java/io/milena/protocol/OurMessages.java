package io.milena.protocol;

import io.milena.protocol.wire.BufferRecords;
import io.milena.protocol.wire.Records;
import io.milena.protocol.wire.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Builds our messages out of Kafka's structs through their setters, and writes them. */
final class OurMessages {
    private OurMessages() {}

    static <T> T build(Class<T> type, Struct struct) {
        T message = type.cast(KafkaMessages.newInstance(type));
        for (BoundField field : struct.schema().fields()) {
            Object value = struct.get(field);
            if (field.def.type instanceof TaggedFields tagged) {
                for (Map.Entry<?, ?> tag : ((Map<?, ?>) value).entrySet()) {
                    setTagged(message, tagged.fields().get(tag.getKey()).name, tag.getValue());
                }
            } else {
                set(message, field.def.name, value);
            }
        }
        return message;
    }

    static ByteBuffer write(Message message, int version) {
        Writer writer = new Writer(0);
        message.write(writer, version);
        return writer.joined();
    }

    /** Calls {@code write} of a message or of a part of one. */
    static ByteBuffer writePart(Object part, int version) {
        Writer writer = new Writer(0);
        try {
            part.getClass().getMethod("write", Writer.class, int.class).invoke(part, writer, version);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return writer.joined();
    }

    /** The setter of a field, whose name is compared without case and underscores. */
    static Method setter(Class<?> type, String name) {
        String plain = name.replace("_", "").toLowerCase(Locale.ROOT);
        for (Method method : type.getMethods()) {
            if (method.getReturnType() == type
                    && method.getParameterCount() == 1
                    && method.getName().toLowerCase(Locale.ROOT).equals(plain)) {
                return method;
            }
        }
        throw new AssertionError(type.getName() + " has no field " + name);
    }

    private static void setTagged(Object message, String name, Object value) {
        if (value instanceof Struct struct) {
            Class<?> type = setter(message.getClass(), name).getParameterTypes()[0];
            if (build(type, struct).equals(KafkaMessages.newInstance(type))) {
                return;
            }
        }
        set(message, name, value);
    }

    private static void set(Object message, String name, Object value) {
        Method setter = setter(message.getClass(), name);
        try {
            setter.invoke(message, convert(setter.getGenericParameterTypes()[0], value));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new AssertionError(setter + " " + value, e);
        }
    }

    private static Object convert(Type type, Object value) {
        if (value instanceof Object[] array) {
            Type element = ((ParameterizedType) type).getActualTypeArguments()[0];
            List<Object> list = new ArrayList<>();
            for (Object item : array) {
                list.add(convert(element, item));
            }
            return list;
        }
        if (type == ErrorCode.class) {
            return ErrorCode.forCode((Short) value);
        }
        if (value instanceof Uuid uuid) {
            return new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof MemoryRecords records) {
            return (Records) new BufferRecords(records.buffer());
        }
        return value instanceof Struct struct ? build((Class<?>) type, struct) : value;
    }
}
