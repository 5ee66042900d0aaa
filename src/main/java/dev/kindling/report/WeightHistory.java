package dev.kindling.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.nn.Block;
import java.util.ArrayList;
import java.util.List;

/** The history of a network's weights: for each epoch, how far each block moved, and histograms of its values. */
public final class WeightHistory {
    /** More blocks than this are left out of the page, which says so. */
    static final int MOST_BLOCKS = 12;

    private final List<Block> blocks;
    private final int all;
    private final EpochSamples<List<Histogram>> spreads = new EpochSamples<>(); // for each block
    private final List<Move> moves = new ArrayList<>();
    private float[] before = new float[0]; // parameters at the end of the previous epoch; empty if unknown

    /** For each block, the norm of its change in the epoch divided by its norm before; NaN if that is 0. */
    @SuppressWarnings("ArrayRecordComponent") // a column to write, not a value to compare
    private record Move(int epoch, double[] ratios) {}

    WeightHistory(List<Block> layout) {
        List<Block> weights = layout.stream()
                .filter(block -> block.role() == Block.Role.WEIGHT)
                .toList();
        this.all = weights.size();
        this.blocks = weights.subList(0, Math.min(all, MOST_BLOCKS));
    }

    /** @param parameters before the first epoch; not kept */
    void begin(float[] parameters) {
        before = parameters.clone();
    }

    /** @param parameters at the end of the epoch; not kept */
    void add(int epoch, float[] parameters) {
        if (before.length > 0) {
            moves.add(new Move(
                    epoch,
                    blocks.stream()
                            .mapToDouble(block -> moved(before, parameters, before, block))
                            .toArray()));
        }
        before = parameters.clone();
        spreads.add(
                epoch,
                blocks.stream()
                        .map(block -> Histogram.of(parameters, block.offset(), block.offset() + block.size()))
                        .toList());
    }

    /** The last parameters given. */
    float[] latest() {
        return before;
    }

    /** {@code |after - before| / |of|} over a block, with Euclidean norms; NaN where both are 0. */
    public static double moved(float[] before, float[] after, float[] of, Block block) {
        double change = 0;
        double norm = 0;
        for (int i = block.offset(); i < block.offset() + block.size(); i++) {
            double step = (double) after[i] - before[i];
            change += step * step;
            norm += (double) of[i] * of[i];
        }
        return Math.sqrt(change / norm);
    }

    void describe(ObjectNode json) {
        json.put("blocks", all);
        ArrayNode epochs = json.putArray("movedIn");
        moves.forEach(move -> epochs.add(move.epoch));
        ArrayNode each = json.putArray("each");
        for (int b = 0; b < blocks.size(); b++) {
            int index = b;
            Block block = blocks.get(b);
            ObjectNode node = each.addObject().put("name", block.name());
            node.put("shape", block.rows() + " × " + block.columns());
            ReportJson.putAll(
                    node,
                    "moved",
                    moves.stream().mapToDouble(move -> move.ratios[index]).toArray());
            ArrayNode histograms = node.putArray("histograms");
            for (EpochSamples.Sample<List<Histogram>> spread : spreads.shown()) {
                ObjectNode histogram = histograms.addObject().put("epoch", spread.epoch());
                spread.value().get(b).describe(histogram);
            }
        }
    }
}
