package org.openapitools.jackson.nullable;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.List;

/** Teaches Jackson to read and write {@link JsonNullable}: absent is left out, null is spelled out. */
public final class JsonNullableModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    public JsonNullableModule() {
        addDeserializer(JsonNullable.class, new Reader(null));
        addSerializer(new Writer());
        setSerializerModifier(new WithoutAbsent());
    }

    private static final class Reader extends JsonDeserializer<JsonNullable<?>> implements ContextualDeserializer {
        private final JavaType inner;

        Reader(JavaType inner) {
            this.inner = inner;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.getContextualType().containedType(0));
        }

        @Override
        public JsonNullable<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return JsonNullable.of(context.readValue(parser, inner));
        }

        @Override
        public JsonNullable<?> getNullValue(DeserializationContext context) {
            return JsonNullable.of(null);
        }

        @Override
        public JsonNullable<?> getAbsentValue(DeserializationContext context) {
            return JsonNullable.undefined();
        }
    }

    private static final class Writer extends StdSerializer<JsonNullable<?>> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(JsonNullable.class, false);
        }

        @Override
        public void serialize(JsonNullable<?> value, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(value.orElse(null), json);
        }
    }

    private static final class WithoutAbsent extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
            properties.replaceAll(
                    each -> each.getType().hasRawClass(JsonNullable.class) ? new PresentOnly(each) : each);
            return properties;
        }
    }

    private static final class PresentOnly extends BeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        PresentOnly(BeanPropertyWriter written) {
            super(written);
        }

        @Override
        public void serializeAsField(Object bean, JsonGenerator json, SerializerProvider provider) throws Exception {
            if (get(bean) instanceof JsonNullable<?> value && value.isPresent()) {
                super.serializeAsField(bean, json, provider);
            }
        }
    }
}
