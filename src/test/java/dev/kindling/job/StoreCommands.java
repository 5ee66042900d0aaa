package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.spark.OneJvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;

/** The commands on a store, against the same on local files; what {@link StoresTest} runs in a JVM that has the store's client. */
final class StoreCommands {
    private final Shell shell = new Shell();
    private final Configuration hadoop;

    private StoreCommands(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** @param arguments the store's root, and a local folder that all stores share */
    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LocalSpark.session().sparkContext().setLocalProperty(OneJvm.PROPERTY, "true"); // steps touch no store
        Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
        StoreCommands commands = new StoreCommands(hadoop);
        Path store = new Path(arguments[0]);
        if (store.toUri().getScheme().equals("s3a")) {
            commands.createBucket(store.toUri().getHost());
        }
        List<String> there = commands.results(new Path(store, "/results"));
        assertThat(there).isEqualTo(commands.onLocalFiles(java.nio.file.Path.of(arguments[1])));
        commands.refusesAPlaceThatIsNot(store);
        System.exit(0); // clients keep threads
    }

    private void createBucket(String name) throws IOException {
        HttpURLConnection request = (HttpURLConnection)
                URI.create(hadoop.get("fs.s3a.endpoint") + "/" + name).toURL().openConnection();
        request.setRequestMethod("PUT");
        assertThat(request.getResponseCode()).isEqualTo(HttpURLConnection.HTTP_OK);
    }

    /** The results with local files, computed for the first store. */
    private List<String> onLocalFiles(java.nio.file.Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        File known = folder.resolve("results.json").toFile();
        if (!known.exists()) {
            json.writeValue(
                    known,
                    results(new Path(
                            Files.createTempDirectory(folder, "results").toUri())));
        }
        return List.of(json.readValue(known, String[].class));
    }

    /** All figures, predictions and bits of all commands with all paths in the folder. */
    private List<String> results(Path folder) throws IOException {
        FileSystem files = folder.getFileSystem(hadoop);
        Path data = new Path(folder, "data.csv");
        try (var out = files.create(data)) {
            for (int i = 0; i < 200; i++) {
                String row =
                        i == 0 ? "a,b,kind\n" : i % 7 + "," + i % 5 + "," + (i % 7 < i % 5 ? "less" : "more") + "\n";
                out.write(row.getBytes(StandardCharsets.UTF_8));
            }
        }
        List<String> results = new ArrayList<>();
        Path model = new Path(folder, "model");
        Path metrics = new Path(folder, "metrics.json");
        train(data, model, 4, "--metrics", metrics);
        results.add(figures(metrics));
        results.add(bits(model));
        run("evaluate", "--model", model, "--data", data, "--metrics", metrics, "--overwrite");
        results.add(figures(metrics));
        Path scored = new Path(folder, "scored");
        run("predict", "--model", model, "--data", data, "--output", scored, "--output-format", "parquet");
        run("predict", "--model", model, "--data", data, "--output", scored, "--overwrite");
        for (FileStatus file : files.listStatus(scored)) {
            if (file.getPath().getName().endsWith(".csv")) {
                results.add(text(file.getPath()));
            }
        }
        Path oneFile = new Path(folder, "scored.csv");
        run("predict", "--model", model, "--data", data, "--output", oneFile);
        run("predict", "--model", model, "--data", data, "--output", oneFile, "--overwrite");
        results.add(text(oneFile));

        Path resumed = new Path(folder, "resumed");
        Path steps = new Path(folder, "steps");
        Path events = new Path(folder, "events");
        Object[] options = {"--checkpoint", steps, "--checkpoint-interval", "1", "--tensorboard", events};
        train(data, resumed, 2, options);
        train(
                data,
                resumed,
                4,
                Stream.concat(Arrays.stream(options), Stream.of("--resume", "--overwrite"))
                        .toArray());
        assertThat(bits(resumed)).isEqualTo(bits(model));
        assertThat(names(steps)).isNotEmpty().allMatch(name -> name.matches("epoch-.*safetensors"));
        results.addAll(names(steps));
        for (FileStatus file : files.listStatus(new Path(events, "train"))) { // one of each run
            results.add("events with a version: " + text(file.getPath()).contains("brain.Event:2"));
        }

        assertThat(names(folder))
                .containsExactly(
                        "data.csv", "events", "metrics.json", "model", "resumed", "scored", "scored.csv", "steps");
        return results;
    }

    private void train(Path data, Path model, int epochs, Object... more) {
        List<Object> arguments =
                new ArrayList<>(List.of("train", "--train", data, "--label", "kind", "--preset", "none"));
        arguments.addAll(List.of("--task", "classification", "--hidden", "8", "--batch-size", "20", "--shards", "2"));
        arguments.addAll(List.of("--test-fraction", "0.2", "--epochs", epochs, "--model", model));
        arguments.addAll(Arrays.asList(more));
        run(arguments.toArray());
    }

    private void run(Object... arguments) {
        assertThat(shell.run(arguments)).as(shell.err()).isZero();
    }

    private String text(Path file) throws IOException {
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a metrics file says, but for the times. */
    private String figures(Path metrics) throws IOException {
        JsonNode json = new ObjectMapper().readTree(text(metrics));
        return ((ObjectNode) json).remove(List.of("seconds", "secondsPerEpoch")).toString();
    }

    private static String bits(Path model) {
        var stages = PipelineModel.load(model.toString()).stages();
        return Arrays.toString(((MlpClassificationModel) stages[stages.length - 1]).parameters());
    }

    /** Of what is in the folder; Hadoop's local checksums aside. */
    private List<String> names(Path folder) throws IOException {
        return Arrays.stream(folder.getFileSystem(hadoop).listStatus(folder))
                .map(file -> file.getPath().getName())
                .filter(name -> !name.endsWith(".crc"))
                .sorted()
                .toList();
    }

    private void refusesAPlaceThatIsNot(Path store) {
        Path nowhere = store.toUri().getScheme().equals("s3a")
                ? new Path("s3a://no-such-bucket/model")
                : new Path("hdfs://localhost:1/model");
        hadoop.setInt("ipc.client.connect.max.retries", 0);
        assertThat(shell.run("train", "--train", "bundled:digits", "--task", "classification", "--model", nowhere))
                .isEqualTo(2);
        assertThat(shell.err()).startsWith("kindling: --model must name a writable place, but ");
        assertThat(shell.err().strip().lines()).hasSize(1);
    }
}
