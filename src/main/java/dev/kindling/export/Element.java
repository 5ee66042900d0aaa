package dev.kindling.export;

/** What a tensor holds: ONNX's {@code TensorProto.DataType}. */
public enum Element {
    FLOAT(1),
    INT64(7),
    STRING(8),
    DOUBLE(11);

    final int number;

    Element(int number) {
        this.number = number;
    }
}
