package dev.kindling.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** A file of ONNX in ONNX Runtime. */
public final class OnnxModel implements AutoCloseable {
    public final OrtSession session;

    public OnnxModel(byte[] file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = OrtEnvironment.getEnvironment().createSession(file, options);
        }
    }

    /** What it makes of rows, all of its outputs, by their names: {@code float[][]}, {@code long[]}, … */
    public Object run(Map<String, OnnxTensor> inputs, String output) throws OrtException {
        try (OrtSession.Result result = session.run(inputs)) {
            return result.get(output).orElseThrow().getValue();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    public Object run(float[] features, int rows, String output) throws OrtException {
        long[] shape = {rows, features.length / rows};
        return run(
                Map.of(
                        "features",
                        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(features), shape)),
                output);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
