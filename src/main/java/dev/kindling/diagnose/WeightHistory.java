package dev.kindling.diagnose;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.nn.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How the weights of a network went, epoch by epoch: how far each block moved, and how its values were spread. */
final class WeightHistory {
    /** As many epochs' histograms are kept at most; above, every other goes. */
    private static final int MOST_KEPT = 64;

    /** As many are shown: the first, the last, and some between. */
    private static final int SHOWN = 5;

    /** More blocks than this are left out of the page, which says so. */
    static final int MOST_BLOCKS = 12;

    private final List<Block> blocks;
    private final int all;
    private final List<Spread> spreads = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private float[] before = new float[0]; // parameters at the end of the epoch before; none before the first
    private int stride = 1;

    /** The values' histogram for each block. */
    private record Spread(int epoch, List<Histogram> blocks) {}

    /** For each block the norm of its change over the epoch, over its norm before: NaN where that is 0. */
    @SuppressWarnings("ArrayRecordComponent") // a column to write, not a value to compare
    private record Move(int epoch, double[] ratios) {}

    WeightHistory(List<Block> layout) {
        List<Block> weights = layout.stream()
                .filter(block -> block.role() == Block.Role.WEIGHT)
                .toList();
        this.all = weights.size();
        this.blocks = weights.subList(0, Math.min(all, MOST_BLOCKS));
    }

    /** @param parameters read at once, and not kept */
    void add(int epoch, float[] parameters) {
        if (before.length > 0) {
            moves.add(new Move(
                    epoch,
                    blocks.stream()
                            .mapToDouble(block -> moved(before, parameters, before, block))
                            .toArray()));
        }
        before = parameters.clone();
        // the last epoch is not known until it has come: it always stands last, and goes when the next is no stride on
        int size = spreads.size();
        if (size > 1 && (spreads.get(size - 1).epoch - spreads.get(0).epoch) % stride != 0) {
            spreads.remove(size - 1);
        }
        spreads.add(new Spread(
                epoch,
                blocks.stream()
                        .map(block -> Histogram.of(parameters, block.offset(), block.offset() + block.size()))
                        .toList()));
        if (spreads.size() > MOST_KEPT) {
            stride *= 2;
            int first = spreads.get(0).epoch;
            spreads.removeIf(spread -> spread.epoch != epoch && (spread.epoch - first) % stride != 0);
        }
    }

    /** {@code |after - before| / |of|} over a block, with Euclidean norms; NaN where both are 0. */
    static double moved(float[] before, float[] after, float[] of, Block block) {
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
            for (int shown : shown()) {
                Spread spread = spreads.get(shown);
                ObjectNode histogram = histograms.addObject().put("epoch", spread.epoch);
                spread.blocks.get(b).describe(histogram);
            }
        }
    }

    private Set<Integer> shown() {
        Set<Integer> shown = new TreeSet<>();
        for (int i = 0; i < SHOWN && !spreads.isEmpty(); i++) {
            shown.add((int) Math.round(i * (spreads.size() - 1.0) / (SHOWN - 1)));
        }
        return shown;
    }
}
