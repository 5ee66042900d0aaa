package dev.kindling.train;

import dev.kindling.Samples;
import dev.kindling.StandaloneCluster;
import dev.kindling.checkpoint.CheckpointPolicy;
import dev.kindling.data.Packing;
import dev.kindling.data.Shards;
import dev.kindling.linalg.Gemm;
import dev.kindling.loss.Loss;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.UpdateRule;
import dev.kindling.spec.Spec;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.launcher.JavaModuleOptions;

/** A driver that trains with checkpoints in a JVM of its own, where it can be killed and begun again. */
public final class MortalDriver {
    private MortalDriver() {}

    /** Trains in a folder, and leaves the parameters' bytes there in the end. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        float[] parameters;
        try (JavaSparkContext context = new JavaSparkContext(conf())) {
            String checkpoints = checkpoints(folder).toString();
            parameters = train(context, new CheckpointPolicy(checkpoints, 1, 0.001, 2));
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * parameters.length);
        bytes.asFloatBuffer().put(parameters);
        Path draft = Files.write(folder.resolve("draft"), bytes.array());
        Files.move(draft, result(folder), StandardCopyOption.ATOMIC_MOVE);
    }

    private static SparkConf conf() {
        return new SparkConf()
                .setMaster("local[2]")
                .setAppName("mortal driver")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1");
    }

    private static Path checkpoints(Path folder) {
        return folder.resolve("checkpoints");
    }

    private static Path result(Path folder) {
        return folder.resolve("parameters");
    }

    /** The parameters of a run that nobody disturbs. */
    public static float[] undisturbed() {
        try (JavaSparkContext context = new JavaSparkContext(conf())) {
            return train(context, CheckpointPolicy.NONE);
        }
    }

    private static float[] train(JavaSparkContext context, CheckpointPolicy checkpointing) {
        String layers = "standardize dense(400) batchNorm relu dropout(0.2) dense(400) tanh dense(3)";
        TrainOptions options = new TrainOptions(40, 64, 5, EarlyStopping.NEVER, 2)
                .withClassWeights(new ClassWeights.Balanced())
                .withPlateau(new Plateau.Reduce(0.5, 3, 0.001, 0, 0))
                .withEmaDecay(0.9);
        Trainer trainer = new Trainer(
                new RunConfig(
                        Network.of(Samples.FEATURES, Spec.parseAll(Layer.class, layers)),
                        new Loss.SoftmaxCrossEntropy(),
                        new UpdateRule(new FirstOrder.Adam(), 0.001),
                        options,
                        Gemm.best().name()),
                new TrainListener() {});
        Packing packing = new Packing(4, 7, new Loss.SoftmaxCrossEntropy(), 0, 0.2, Samples.COLUMNS);
        try (Shards shards = Samples.pack(context, Samples.clusters(500, 4), 2, packing)) {
            return trainer.fit(shards, checkpointing).result();
        }
    }

    /**
     * How a run went.
     *
     * @param kills that it survived
     * @param writing of them, those that left a checkpoint half written
     * @param damaged checkpoints that were set aside
     * @param parameters that it ended with
     */
    public record Fate(int kills, int writing, int damaged, float[] parameters) {}

    /**
     * Begins a run and kills it, by turns once a checkpoint is being written and at any moment, and lets it end after so
     * many kills.
     */
    public static Fate run(Path folder, int kills, Random random) throws IOException, InterruptedException {
        Files.createDirectories(checkpoints(folder));
        int killed = 0;
        int writing = 0;
        long first = 0; // nanoseconds from the start of a driver to its first checkpoint
        while (!Files.exists(result(folder))) {
            long began = System.currentTimeMillis();
            Process driver = start(folder);
            try {
                if (killed < kills) {
                    long start = System.nanoTime();
                    if (killed % 2 == 0) {
                        awaitDraft(driver, folder);
                        first = System.nanoTime() - start;
                        for (int more = random.nextInt(4); more > 0; more--) {
                            awaitDraft(driver, folder);
                        }
                    } else {
                        Thread.sleep((long) (random.nextDouble() * 1.3 * first / 1e6));
                    }
                    killed += driver.isAlive() ? 1 : 0;
                    driver.destroyForcibly().waitFor();
                    writing += count(folder, file -> isDraft(file) && file.lastModified() >= began) > 0 ? 1 : 0;
                } else if (driver.waitFor() != 0) {
                    throw new IllegalStateException("a driver that was left alone failed: see " + folder);
                }
            } finally {
                driver.destroyForcibly();
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(result(folder)));
        float[] parameters = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(parameters);
        return new Fate(killed, writing, count(folder, file -> file.getName().endsWith(".damaged")), parameters);
    }

    /** Waits for another checkpoint to be begun, or for the end. */
    private static void awaitDraft(Process driver, Path folder) throws IOException, InterruptedException {
        while (driver.isAlive() && isWriting(folder)) {
            Thread.sleep(1); // the one seen before, or one that another driver left
        }
        while (driver.isAlive() && !isWriting(folder)) {
            Thread.sleep(1);
        }
    }

    private static boolean isWriting(Path folder) throws IOException {
        return count(folder, MortalDriver::isDraft) > 0;
    }

    private static boolean isDraft(File file) {
        return file.getName().endsWith(".draft");
    }

    private static int count(Path folder, Predicate<File> condition) throws IOException {
        try (Stream<Path> files = Files.list(checkpoints(folder))) {
            return (int) files.map(Path::toFile).filter(condition).count();
        }
    }

    private static Process start(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", StandaloneCluster.classPath(), MortalDriver.class.getName(), folder.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("driver.log").toFile()))
                .start();
    }
}
