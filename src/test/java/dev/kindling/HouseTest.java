package dev.kindling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which package may use which, which types users may build on, and how large a room may grow. */
@ArchTag("one-line")
@AnalyzeClasses(packages = "dev.kindling", importOptions = HouseTest.MainClasses.class)
final class HouseTest {
    /** ArchUnit's own option knows only {@code target/test-classes}; the profiles build into other folders. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final String ROOT = "dev.kindling.";
    private static final int MOST_FILES = 25;
    private static final int MOST_LINES = 2_600;

    /** From the lowest floor to the highest: each package, and what it may import of those before it. */
    private static final Map<String, List<String>> IMPORTS = new LinkedHashMap<>();

    static {
        IMPORTS.put("linalg", List.of());
        IMPORTS.put("spec", List.of("linalg"));
        IMPORTS.put("protobuf", List.of());
        IMPORTS.put("safetensors", List.of("linalg"));
        IMPORTS.put("loss", List.of("linalg", "spec"));
        IMPORTS.put("nn.embedding", List.of("linalg"));
        IMPORTS.put("nn", List.of("linalg", "spec", "loss", "nn.embedding"));
        IMPORTS.put("nn.reference", List.of("linalg", "loss", "nn"));
        IMPORTS.put("nn.ensemble", List.of("linalg", "loss", "nn"));
        IMPORTS.put("export", List.of("linalg", "spec", "protobuf", "loss", "nn", "nn.ensemble"));
        IMPORTS.put("model", List.of("linalg", "spec", "safetensors", "loss", "nn", "nn.ensemble"));
        IMPORTS.put("optim", List.of("linalg", "spec", "loss", "nn.embedding", "nn"));
        IMPORTS.put("spark", List.of());
        IMPORTS.put("data.disk", List.of("linalg"));
        IMPORTS.put("data", List.of("linalg", "spec", "loss", "spark", "data.disk"));
        IMPORTS.put("stats", List.of("spark", "data"));
        IMPORTS.put("engine", List.of("linalg", "loss", "nn.embedding", "nn", "nn.ensemble", "optim", "spark", "data"));
        IMPORTS.put("checkpoint", List.of("linalg", "safetensors", "nn", "optim", "engine"));
        IMPORTS.put(
                "train",
                List.of(
                        "linalg",
                        "spec",
                        "loss",
                        "nn.embedding",
                        "nn",
                        "optim",
                        "spark",
                        "data",
                        "engine",
                        "checkpoint"));
        IMPORTS.put(
                "train.ensemble",
                List.of("loss", "nn", "nn.ensemble", "spark", "data", "engine", "checkpoint", "train"));
        IMPORTS.put(
                "train.scale",
                List.of(
                        "linalg",
                        "spec",
                        "nn",
                        "nn.embedding",
                        "optim",
                        "spark",
                        "data",
                        "engine",
                        "checkpoint",
                        "train"));
        IMPORTS.put("report", to("train"));
        IMPORTS.put("tensorboard", to("report"));
        IMPORTS.put("check", to("report"));
        IMPORTS.put("search", to("report"));
        IMPORTS.put("teach", List.of("linalg", "spec", "loss", "nn", "optim", "report"));
        IMPORTS.put("live", to("report"));
        IMPORTS.put("python", List.of("linalg", "data", "engine", "nn", "checkpoint", "train", "ml"));
        IMPORTS.put("table.value", List.of("linalg"));
        IMPORTS.put("table.cache", List.of("spark", "table.value"));
        IMPORTS.put("table.profile", List.of("linalg", "spark", "table.value", "table.cache"));
        IMPORTS.put("table.encoding", List.of("linalg", "export", "table.value"));
        IMPORTS.put("score", List.of("linalg", "loss", "nn", "nn.ensemble", "model", "table.value", "table.encoding"));
        IMPORTS.put(
                "table",
                List.of("linalg", "export", "spark", "table.value", "table.cache", "table.profile", "table.encoding"));
        IMPORTS.put(
                "ml.params",
                List.of("linalg", "spec", "loss", "nn", "optim", "spark", "train", "train.ensemble", "table"));
        IMPORTS.put("ml.columns", List.of("linalg", "table", "ml.params"));
        List<String> inside = new ArrayList<>(to("train"));
        inside.addAll(List.of(
                "train.ensemble", "train.scale", "check", "live", "table", "table.cache", "ml.params", "ml.columns"));
        IMPORTS.put("ml.internal", List.copyOf(inside));
        IMPORTS.put(
                "ml.persistence",
                List.of(
                        "linalg",
                        "spec",
                        "safetensors",
                        "loss",
                        "nn",
                        "nn.ensemble",
                        "export",
                        "model",
                        "spark",
                        "data",
                        "table",
                        "ml.params",
                        "ml.internal"));
        IMPORTS.put("ml.pipeline", List.of("linalg", "export", "table", "ml.params", "ml.internal", "ml.persistence"));
        inside.addAll(
                List.of("ml.internal", "ml.persistence", "ml.pipeline", "table.value", "table.encoding", "score"));
        IMPORTS.put("ml", List.copyOf(inside));
        inside.addAll(List.of("search", "ml"));
        IMPORTS.put("ml.search", List.copyOf(inside));
        IMPORTS.put("job.input", List.of("linalg", "spark", "table.cache"));
        IMPORTS.put("job.storage", List.of("linalg", "spark", "train", "job.input"));
        IMPORTS.put(
                "job.io",
                List.of(
                        "linalg",
                        "spark",
                        "train",
                        "table.cache",
                        "table.profile",
                        "table",
                        "model",
                        "ml.persistence",
                        "ml.pipeline",
                        "ml",
                        "job.input",
                        "job.storage"));
        IMPORTS.put(
                "job.scores",
                List.of("linalg", "loss", "train", "report", "table.cache", "ml", "job.storage", "job.io"));
        IMPORTS.put(
                "job",
                List.of(
                        "linalg",
                        "spec",
                        "spark",
                        "checkpoint",
                        "train",
                        "train.scale",
                        "report",
                        "tensorboard",
                        "check",
                        "search",
                        "teach",
                        "model",
                        "table.cache",
                        "table.profile",
                        "table",
                        "ml",
                        "ml.params",
                        "ml.persistence",
                        "ml.pipeline",
                        "ml.search",
                        "job.input",
                        "job.storage",
                        "job.io",
                        "job.scores"));
    }

    /** What has been stated so far, up to that package. */
    private static List<String> to(String last) {
        List<String> packages = new ArrayList<>(IMPORTS.keySet());
        return packages.subList(0, packages.indexOf(last) + 1);
    }

    @ArchTest
    static void packagesImportWhatTheyMay(JavaClasses house) {
        IMPORTS.forEach((name, may) -> {
            List<String> others = new ArrayList<>(IMPORTS.keySet());
            others.remove(name);
            others.removeAll(may);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            others.stream().map(other -> ROOT + other).toArray(String[]::new))
                    .check(house);
        });
    }

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("dev.kindling.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theCoreAndWhatTeachesItKnowNothingOfSpark = noClasses()
            .that()
            .resideInAnyPackage(packages(
                    "linalg",
                    "spec",
                    "protobuf",
                    "loss",
                    "nn",
                    "nn.embedding",
                    "nn.ensemble",
                    "nn.reference",
                    "export",
                    "safetensors",
                    "model",
                    "table.value",
                    "table.encoding",
                    "score",
                    "optim",
                    "teach"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

    @ArchTest
    static final ArchRule belowTheEstimatorsOnlySparkCoreIsKnown = noClasses()
            .that()
            .resideInAnyPackage(to("live").stream().map(name -> ROOT + name).toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark.sql..", "org.apache.spark.ml..", "org.apache.spark.mllib..");

    /** {@code live} is the page in Spark's UI, and needs more of its inside than a wrapper could hide. */
    @ArchTest
    static final ArchRule theInsideOfSparkIsReachedInTwoPackages = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "spark", ROOT + "live")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.spark.ui..",
                    "org.apache.spark.status..",
                    "org.apache.spark.metrics..",
                    "org.apache.spark.util..",
                    "org.apache.spark.internal..",
                    "org.apache.spark.sql.catalyst..",
                    "org.apache.spark.sql.execution..");

    /** Spark deserialises what it ships itself; files hold JSON, Parquet and plain numbers. */
    @ArchTest
    static final ArchRule noFileIsDeserialised =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    @ArchTest
    static final ArchRule everyClassLivesOnAFloor = classes()
            .should()
            .resideInAnyPackage(packages(IMPORTS.keySet().toArray(String[]::new)))
            .orShould()
            .haveFullyQualifiedName("dev.kindling.package-info");

    /** A change of this list is a change for users: see the policy in CONTRIBUTING.md. */
    @ArchTest
    static void typesThatUsersMayBuildOn(JavaClasses house) throws IOException {
        Path list = Path.of("src/test/resources/public-types.txt");
        List<String> expected = Files.readAllLines(list).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        List<String> wholePackages = List.of("ml", "ml.search", "loss", "nn", "optim", "score", "spec", "table");
        List<String> whole = house.stream()
                .filter(type -> wholePackages.contains(floor(type)))
                .filter(HouseTest::isPublic)
                .map(HasName::getName)
                .toList();
        List<String> listed = expected.stream()
                .filter(name -> wholePackages.stream().anyMatch(floor -> name.matches(ROOT + floor + "\\.[A-Z].*")))
                .toList();
        assertThat(listed)
                .as("public types of %s, as %s has them", wholePackages, list)
                .containsExactlyInAnyOrderElementsOf(whole);
        assertThat(expected).isSorted().allSatisfy(name -> assertThat(isPublic(house.get(name)))
                .as("%s is public", name)
                .isTrue());
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(HouseTest::isPublic).orElse(true);
    }

    private static String floor(JavaClass type) {
        return type.getPackageName().startsWith(ROOT) ? type.getPackageName().substring(ROOT.length()) : "";
    }

    @ArchTest
    static void roomsStaySmall(JavaClasses house) throws IOException {
        for (String name : IMPORTS.keySet()) {
            Path folder = Path.of("src/main/java", (ROOT + name).split("\\."));
            try (var files = Files.list(folder)) {
                List<Path> sources =
                        files.filter(file -> file.toString().endsWith(".java")).toList();
                long lines = sources.stream().mapToLong(HouseTest::lines).sum();
                assertThat(sources).as("files of %s", name).hasSizeLessThanOrEqualTo(MOST_FILES);
                assertThat(lines).as("lines of %s", name).isLessThanOrEqualTo(MOST_LINES);
            }
        }
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] packages(String... names) {
        return Arrays.stream(names).map(name -> ROOT + name).toArray(String[]::new);
    }
}
