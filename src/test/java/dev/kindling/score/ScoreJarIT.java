package dev.kindling.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.linalg.Gemm;
import dev.kindling.linalg.Offsets;
import dev.kindling.loss.Loss;
import dev.kindling.model.ModelFile;
import dev.kindling.model.NetworkDescription;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Network;
import dev.kindling.nn.ensemble.Ensemble;
import dev.kindling.spec.Spec;
import dev.kindling.table.encoding.CategoryEncoding;
import dev.kindling.table.encoding.ColumnEncoding;
import dev.kindling.table.encoding.DateEncoding;
import dev.kindling.table.encoding.NumberEncoding;
import dev.kindling.table.encoding.NumberScale;
import dev.kindling.table.encoding.TableColumns;
import dev.kindling.table.encoding.VectorEncoding;
import dev.kindling.table.value.DateStyle;
import dev.kindling.table.value.NumberStyle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kindling-score predicts in a JVM that has nothing else, with the same bits. */
@Tag("slow")
@Tag("smoke")
final class ScoreJarIT {
    private static final Path JAR = Path.of(System.getenv().getOrDefault("SCORE_JAR", ""));

    /** What javac and java say of the vector backend's module. */
    private static final Pattern INCUBATING = Pattern.compile("(?i)warning: using incubat.*|1 warning");

    private static final String PROGRAM =
            """
            import dev.kindling.score.Scorer;
            import java.util.HashMap;
            import java.util.Map;

            class Program {
                public static void main(String[] arguments) throws Exception {
                    Scorer scorer = Scorer.load(arguments[0]);
                    System.out.println(scorer.gemm());
                    Map<String, Object> row = new HashMap<>();
                    row.put("age", 41);
                    row.put("town", "Bern");
                    row.put("seen", "2024-02-29 10:30");
                    row.put("signal", new double[] {0.25, -3});
                    System.out.println(scorer.predict(row));
                    row.replace("town", "Chur");
                    row.replace("age", null);
                    row.replace("seen", null);
                    System.out.println(scorer.predict(row));
                    try {
                        row.put("age", "old");
                        scorer.predict(row);
                    } catch (IllegalArgumentException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path model(String gemm) throws IOException {
        NumberScale scale = new NumberScale(40, 41.5, 12.25, true, List.of());
        List<ColumnEncoding> columns = List.of(
                new NumberEncoding("age", false, NumberStyle.PLAIN, scale, true, 41.0, true),
                new CategoryEncoding("town", List.of("Bern", "Genf"), List.of("Sion"), true, false),
                new DateEncoding("seen", DateStyle.ISO, new NumberScale(2e4, 2e4, 300, false, List.of()), true, true),
                new VectorEncoding(
                        "signal", List.of(NumberScale.unscaled(0), new NumberScale(0, 1, 2, false, List.of())), false));
        TableColumns table = new TableColumns(columns, "Europe/Zurich", false);
        Network network = Network.of(
                table.width(), Spec.parseAll(Layer.class, "dense(33) silu layerNorm dense(20) gelu dense(3)"));
        Ensemble ensemble = new Ensemble(network, new Loss.SoftmaxCrossEntropy(), 2, 1.5);
        float[] parameters = new float[ensemble.parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) Math.sin(i * 0.7) / 3;
        }
        ModelFile file = new ModelFile(
                new NetworkDescription(ensemble, 3, gemm, 1, Offsets.NONE, null),
                parameters,
                List.of("low", "middle", "high, or \"top\""),
                new double[] {0.5, 0.3, 0.2},
                table.toJson());
        Path path = folder.resolve(gemm + ".safetensors");
        try (OutputStream out = Files.newOutputStream(path)) {
            file.write(out);
        }
        return path;
    }

    private static Map<String, Object> row() {
        Map<String, Object> row = new HashMap<>();
        row.put("age", 41);
        row.put("town", "Bern");
        row.put("seen", "2024-02-29 10:30");
        row.put("signal", new double[] {0.25, -3});
        return row;
    }

    private List<String> run(Path model, String... options) throws IOException, InterruptedException {
        Path program = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", JAR.toString(), program.toString(), model.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines()
                .filter(line -> !INCUBATING.matcher(line).matches())
                .toList();
    }

    @Test
    void aJvmOfItsOwnPredictsTheSameBits() throws Exception {
        for (String gemm : List.of("java", "vector")) {
            Path model = model(gemm);
            String module = "--add-modules=" + (gemm.equals("vector") ? "jdk.incubator.vector" : "java.base");
            Scorer scorer = Scorer.load(model);
            assertThat(scorer.gemm()).isEqualTo(gemm);
            assertThat(Gemm.available()).contains(gemm);
            Map<String, Object> row = row();
            String whole = scorer.predict(row).toString();
            row.put("town", "Chur");
            row.put("age", null);
            row.put("seen", null);
            assertThat(run(model, module))
                    .containsExactly(
                            gemm,
                            whole,
                            scorer.predict(row).toString(),
                            "column \"age\" must hold numbers, but holds \"old\"");
        }
    }

    @Test
    void theJarIsSmallAndHasOurNamesOnly() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")))
                    .allMatch(name -> name.startsWith("dev/kindling/"))
                    .noneMatch(name -> name.startsWith("dev/kindling/ml/"));
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
        }
        assertThat(Files.size(JAR)).isLessThan(4_000_000);
    }
}
