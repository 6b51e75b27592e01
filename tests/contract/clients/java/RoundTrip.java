import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;

/** Reads samples into the generated types and writes them again: RoundTrip PACKAGE SAMPLES REWRITTEN. */
final class RoundTrip {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = (ObjectMapper) Class.forName(arguments[0] + ".ApiClient")
                .getMethod("createDefaultObjectMapper")
                .invoke(null);
        ArrayNode rewritten = json.createArrayNode();
        for (JsonNode sample : json.readTree(new File(arguments[1]))) {
            Class<?> type = Class.forName(arguments[0] + ".model." + sample.get("schema").textValue());
            rewritten.add(json.readTree(json.writeValueAsString(json.treeToValue(sample.get("value"), type))));
        }
        json.writeValue(new File(arguments[2]), rewritten);
    }
}
