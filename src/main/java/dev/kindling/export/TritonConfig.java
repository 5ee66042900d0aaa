package dev.kindling.export;

import java.util.List;
import java.util.Locale;

/**
 * A graph's entry in a model repository of Triton Inference Server: its {@code config.pbtxt}, a text of <a
 * href="https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto">ModelConfig</a>.
 *
 * <p>{@code max_batch_size} is 0, so that shapes are those of the graph, the rows among them: a request has any number of rows.
 */
final class TritonConfig {
    private TritonConfig() {}

    /** @param name of the model, and of its folder in the repository */
    static String of(String name, List<Port> inputs, List<Port> outputs) {
        StringBuilder text = new StringBuilder()
                .append("name: ")
                .append(quoted(name))
                .append("\nbackend: \"onnxruntime\"\nmax_batch_size: 0\n");
        inputs.forEach(port -> append(text, "input", port));
        outputs.forEach(port -> append(text, "output", port));
        return text.toString();
    }

    private static void append(StringBuilder text, String kind, Port port) {
        text.append(kind)
                .append(" {\n  name: ")
                .append(quoted(port.name()))
                .append("\n  data_type: ")
                .append(port.element().triton)
                .append("\n  dims: [ -1")
                .append(port.columns() == 0 ? "" : ", " + port.columns())
                .append(" ]\n}\n");
    }

    /** As a string of Protocol Buffers' text format. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\%03o", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
