package dev.kindling.ml.params;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** A param whose value is a stage. Files hold the stage's uid and all of its params, in JSON. */
final class StageParam<S extends PipelineStage> extends Param<S> {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Maker<S> maker;

    /** Makes a stage of a uid. */
    interface Maker<S> extends Serializable {
        S make(String uid);
    }

    StageParam(Params owner, String name, String doc, Maker<S> maker) {
        super(owner, name, doc);
        this.maker = maker;
    }

    @Override
    public String jsonEncode(S stage) {
        ObjectNode json = JSON.createObjectNode().put("uid", stage.uid());
        ObjectNode values = json.putObject("params");
        for (Param<?> param : stage.params()) {
            if (stage.isDefined(param)) {
                values.set(param.name(), parse(encode(stage, param)));
            }
        }
        return json.toString();
    }

    private static <V> String encode(Params stage, Param<V> param) {
        return param.jsonEncode(stage.getOrDefault(param));
    }

    @Override
    public S jsonDecode(String text) {
        JsonNode json = parse(text);
        S stage = maker.make(json.path("uid").asText());
        json.path("params").fieldNames().forEachRemaining(name -> {
            Param<Object> param = stage.getParam(name);
            stage.set(param, param.jsonDecode(json.path("params").path(name).toString()));
        });
        return stage;
    }

    private JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInput("param " + name() + " must be a stage in JSON, but: " + e.getOriginalMessage());
        }
    }
}
