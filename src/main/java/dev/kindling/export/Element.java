package dev.kindling.export;

/** What a tensor holds: ONNX's {@code TensorProto.DataType}, and Triton's {@code DataType}. */
public enum Element {
    FLOAT(1, "TYPE_FP32"),
    INT64(7, "TYPE_INT64"),
    STRING(8, "TYPE_STRING"),
    DOUBLE(11, "TYPE_FP64");

    final int number;
    final String triton;

    Element(int number, String triton) {
        this.number = number;
        this.triton = triton;
    }
}
