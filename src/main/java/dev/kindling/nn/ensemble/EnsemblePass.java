package dev.kindling.nn.ensemble;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Rows;
import dev.kindling.nn.Workspace;

/** Forward passes of an ensemble, with their scratch. For one thread at a time. */
public final class EnsemblePass {
    private final Ensemble ensemble;
    private final Workspace workspace;
    private final float[][] parameters; // of each member
    private final float[][] logits; // of each member; empty for one
    private final float[] averaged;

    EnsemblePass(Ensemble ensemble, Gemm gemm, float[] parameters, int capacity) {
        this.ensemble = ensemble;
        this.workspace = ensemble.network().workspace(gemm, capacity);
        int members = ensemble.members();
        int outputs = members == 1 ? 0 : capacity * ensemble.network().outputs();
        this.parameters = new float[members][];
        this.logits = new float[members][outputs];
        this.averaged = new float[outputs];
        for (int k = 0; k < members; k++) {
            this.parameters[k] = members == 1 ? parameters : ensemble.member(parameters, k);
        }
    }

    /** The logits (rows, outputs) that stand for the members' mean prediction: valid, and the caller's, until the next pass. */
    public float[] forward(Rows features) {
        int count = features.rows() * ensemble.network().outputs();
        // the first member last, so that its layers' outputs stay
        for (int k = parameters.length - 1; k >= 0; k--) {
            ensemble.network().forward(parameters[k], features, workspace);
            if (parameters.length > 1) {
                System.arraycopy(workspace.logits(), 0, logits[k], 0, count);
            }
        }
        float[] result = workspace.logits();
        if (parameters.length > 1) {
            ensemble.loss().average(features.rows(), ensemble.network().outputs(), logits, averaged);
            result = averaged;
        }
        if (ensemble.temperature() != 1) {
            for (int i = 0; i < count; i++) {
                result[i] = (float) (result[i] / ensemble.temperature());
            }
        }
        return result;
    }

    /** The last pass's output (rows, width) of the first member's layer; layers are counted from 0. */
    public float[] output(int layer) {
        return workspace.output(layer);
    }
}
