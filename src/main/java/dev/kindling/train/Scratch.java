package dev.kindling.train;

import dev.kindling.linalg.Gemm;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import org.jspecify.annotations.Nullable;

/** What one thread computes in; kept from one shard and step to the next where that fits. */
final class Scratch {
    private @Nullable Workspace workspace;
    private @Nullable BatchBuffer buffer;

    /** A workspace for passes of up to {@code rows} rows; of one network only. */
    Workspace workspace(Network network, Gemm gemm, int rows) {
        if (workspace == null || workspace.capacity() < rows) {
            workspace = network.workspace(gemm, rows);
        }
        return workspace;
    }

    /** An empty buffer for up to {@code rows} of these rows. */
    BatchBuffer buffer(PackedRows source, int rows, float @Nullable [] classFactors) {
        if (buffer == null || !buffer.suits(source, rows, classFactors)) {
            buffer = new BatchBuffer(source, rows, classFactors);
        }
        buffer.clear();
        return buffer;
    }
}
