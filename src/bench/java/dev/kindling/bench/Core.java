package dev.kindling.bench;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.Rows;
import dev.kindling.loss.Batch;
import dev.kindling.loss.Loss;
import dev.kindling.loss.ValueLoss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.Workspace;
import dev.kindling.optim.Horizon;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.Slots;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One thread without Spark: rows a second of forward, backward and Adam, each backend of products beside PyTorch; then
 * what share of the core's peak the first layer's products reach. All by the thread's own CPU time. Arguments: [rounds].
 */
public final class Core {
    private static final double SECONDS = 1;
    private static final Horizon HORIZON = new Horizon(1, 1); // no schedule needs it
    private static final int ROWS = 8192;
    private static final String PEAK = "fused multiply-adds alone: the peak";

    private record Case(String widths, String activation, int batch) {
        @Override
        public String toString() {
            return widths + " " + activation + ", batch " + batch;
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("784-256-128-10", "relu", 128),
            new Case("784-256-128-10", "relu", 512),
            new Case("784-256-128-10", "sigmoid", 128),
            new Case("784-256-128-10", "sigmoid", 512),
            new Case("16-64-64-1", "relu", 32));

    private Core() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        List<String> backends = Gemm.available();
        steps(backends, rounds);
        System.out.println();
        products(backends, rounds);
    }

    private static void steps(List<String> backends, int rounds) throws Exception {
        List<String> heads = new ArrayList<>(List.of("thousand rows/s of one thread", "torch"));
        backends.forEach(backend -> heads.addAll(List.of(backend, "/ torch")));
        Table table = new Table(heads.toArray(String[]::new));
        for (Case c : CASES) {
            Map<String, Training> ours = new LinkedHashMap<>();
            Map<String, List<Double>> rates = new LinkedHashMap<>();
            for (String backend : backends) {
                ours.put(backend, new Training(c, Gemm.named(backend)));
                ours.get(backend).rate(SECONDS);
                rates.put(backend, new ArrayList<>());
            }
            List<Double> torch = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                for (String backend : backends) {
                    rates.get(backend).add(ours.get(backend).rate(SECONDS));
                }
                Optional<String> printed =
                        Python.run("torch", "core.py", c.widths, c.activation, c.batch, SECONDS);
                printed.ifPresent(rate -> torch.add(Double.parseDouble(rate)));
            }
            double peer = torch.isEmpty() ? Double.NaN : Times.median(torch);
            List<Object> cells = new ArrayList<>(List.of(c, peer / 1000));
            for (String backend : backends) {
                double rate = Times.median(rates.get(backend));
                cells.addAll(List.of(rate / 1000, rate / peer));
            }
            table.add(cells.toArray());
        }
        table.print();
    }

    /** A network in training on rows that are already in memory, each batch a slice of them. */
    private static final class Training {
        private final int batch;
        private final Network network;
        private final Loss loss;
        private final Workspace workspace;
        private final UpdateRule rule = new UpdateRule(Spec.parse(Optimizer.class, "adam"), 1e-3);
        private final float[] parameters;
        private final float[] gradient;
        private final Slots slots;
        private final float[] features;
        private final float[] targets = new float[ROWS];
        private long step;

        Training(Case c, Gemm gemm) {
            int[] widths = Arrays.stream(c.widths.split("-"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            int outputs = widths[widths.length - 1];
            StringBuilder layers = new StringBuilder();
            for (int i = 1; i < widths.length; i++) {
                layers.append(i == 1 ? "" : " " + c.activation + ", ").append("dense(" + widths[i] + ")");
            }
            this.batch = c.batch;
            this.network = Network.of(widths[0], Spec.parseAll(Layer.class, layers.toString()));
            this.loss = outputs == 1 ? new ValueLoss.SquaredError() : new Loss.SoftmaxCrossEntropy();
            this.workspace = network.workspace(gemm, batch);
            this.parameters = network.initialize(RandomKey.of(1));
            this.gradient = new float[parameters.length];
            this.slots = new Slots(rule.optimizer(), parameters.length);
            this.features = Products.random(ROWS * widths[0]);
            Random random = new Random(1);
            for (int i = 0; i < ROWS; i++) {
                targets[i] = outputs == 1 ? random.nextFloat() : random.nextInt(outputs);
            }
        }

        double rate(double seconds) throws Exception {
            return ROWS * Times.rate(seconds, this::pass);
        }

        private void pass() {
            for (int first = 0; first < ROWS; first += batch) {
                Rows rows = Rows.dense(batch, network.inputs(), features, first * network.inputs());
                Arrays.fill(gradient, 0);
                network.accumulate(
                        parameters, new Batch(rows, targets, first, null, 0), loss, RandomKey.of(step), workspace, gradient);
                rule.apply(network.layout(), batch, rule.learningRate(), step, HORIZON, parameters, gradient, slots);
                step++;
            }
        }
    }

    private static void products(List<String> backends, int rounds) throws Exception {
        Peak peak = new Peak();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                rates.clear(); // the first one warmed up
            }
            add(rates, PEAK, peak.gflops(SECONDS / 2));
            for (String backend : backends) {
                for (int batch : List.of(128, 512)) {
                    product(rates, backend, batch);
                }
            }
        }
        double top = Times.median(rates.get(PEAK));
        Table table = new Table("784x256", "GFLOP/s", "share of the peak");
        rates.forEach((name, each) -> table.add(name, Times.median(each), Times.median(each) / top));
        table.print();
    }

    private static void product(Map<String, List<Double>> rates, String backend, int batch) throws Exception {
        int in = 784;
        int out = 256;
        Gemm gemm = Gemm.named(backend);
        float[] x = Products.random(batch * in);
        float[] w = Products.random(in * out);
        float[] y = Products.random(batch * out);
        double operations = 2e-9 * batch * in * out;
        double forward = Times.rate(SECONDS / 2, () -> gemm.multiply(batch, out, in, x, 0, w, 0, 0f, y, 0));
        double gradient = Times.rate(SECONDS / 2, () -> gemm.multiplyTransA(in, out, batch, x, 0, y, 0, 1f, w, 0));
        add(rates, backend + ", forward, batch " + batch, operations * forward);
        add(rates, backend + ", weight gradient, batch " + batch, operations * gradient);
    }

    private static void add(Map<String, List<Double>> rates, String name, double rate) {
        rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
    }
}
