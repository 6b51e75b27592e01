import com.fasterxml.jackson.annotation.JsonInclude
import com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT
import com.fasterxml.jackson.databind.SerializationFeature
import com.fasterxml.jackson.databind.json.JsonMapper
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule
import java.io.File

/** Reads samples into the generated types and writes them again: RoundTrip PACKAGE SAMPLES REWRITTEN. */
fun main(arguments: Array<String>) {
    // As the client's own Serializer sets it, but for the module that only Maven Central has.
    val json = JsonMapper.builder()
        .addModule(JavaTimeModule())
        .defaultPropertyInclusion(JsonInclude.Value.construct(NON_ABSENT, NON_ABSENT))
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .build()
    val rewritten = json.createArrayNode()
    for (sample in json.readTree(File(arguments[1]))) {
        val type = Class.forName("${arguments[0]}.models.${sample.get("schema").textValue()}")
        rewritten.add(json.readTree(json.writeValueAsString(json.treeToValue(sample.get("value"), type))))
    }
    json.writeValue(File(arguments[2]), rewritten)
}
