package dev.roster.app.api;

import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.DateTimeSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The schemas of records: what is optional may be missing, all else is there. */
final class Schemas {

    private static final Set<Class<?>> OPTIONAL = Set.of(Optional.class, OptionalInt.class, OptionalLong.class);

    private final Comments comments;
    private final Map<String, Schema<?>> byName = new TreeMap<>();

    Schemas(Comments comments) {
        this.comments = comments;
    }

    static Schema<?> reference(Class<?> record) {
        return new Schema<>().$ref("#/components/schemas/" + name(record));
    }

    Map<String, Schema<?>> all() {
        return byName;
    }

    void add(Class<?> record) {
        if (byName.containsKey(name(record))) {
            return;
        }
        Schema<?> schema = new ObjectSchema();
        byName.put(name(record), schema);
        schema.description(comments.of(record));
        for (RecordComponent component : record.getRecordComponents()) {
            schema.addProperty(
                    component.getName(),
                    described(component.getGenericType(), comments.of(record, component.getName())));
            if (!OPTIONAL.contains(component.getType())) {
                schema.addRequiredItem(component.getName());
            }
        }
    }

    /** A record is named without "View", a nested one after the one around it. */
    private static String name(Class<?> record) {
        Class<?> outer = record.getEnclosingClass();
        String name = record.getSimpleName().replaceFirst("View$", "");
        return outer == null ? name : name(outer) + name;
    }

    private Schema<?> described(Type type, String words) {
        Schema<?> schema = schema(type);
        // What stands beside a reference counts for nothing.
        return (schema.get$ref() == null ? schema : new Schema<>().addAllOfItem(schema)).description(words);
    }

    private Schema<?> schema(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Schema<?> argument = schema(parameterized.getActualTypeArguments()[0]);
            return parameterized.getRawType() == List.class ? new ArraySchema().items(argument) : argument;
        }
        if (type == String.class) {
            return new StringSchema();
        }
        if (type == boolean.class) {
            return new BooleanSchema();
        }
        if (type == Instant.class) {
            return new DateTimeSchema();
        }
        if (type == int.class || type == Integer.class || type == OptionalInt.class) {
            return new IntegerSchema().format("int32");
        }
        if (type == long.class || type == Long.class || type == OptionalLong.class) {
            return new IntegerSchema().format("int64");
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            add(record);
            return reference(record);
        }
        throw new IllegalStateException("the API does not tell " + type.getTypeName() + " yet; say here how");
    }
}
