package dev.kindling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.List;

/** The one-way imports of the house. */
@AnalyzeClasses(packages = "dev.kindling", importOptions = HouseTest.MainClasses.class)
final class HouseTest {
    /** ArchUnit's own option knows only {@code target/test-classes}; the profiles build into other folders. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    /** Each package may import those before it. */
    private static final List<String> FLOORS =
            List.of("linalg", "nn", "optim", "train", "diagnose", "teach", "live", "ml", "job");

    @ArchTest
    static final ArchRule linalgImportsNoOtherFloor = importsOnlyBelow("linalg");

    @ArchTest
    static final ArchRule nnImportsOnlyBelow = importsOnlyBelow("nn");

    @ArchTest
    static final ArchRule optimImportsOnlyBelow = importsOnlyBelow("optim");

    @ArchTest
    static final ArchRule trainImportsOnlyBelow = importsOnlyBelow("train");

    @ArchTest
    static final ArchRule diagnoseImportsOnlyBelow = importsOnlyBelow("diagnose");

    @ArchTest
    static final ArchRule teachImportsOnlyBelow = importsOnlyBelow("teach");

    @ArchTest
    static final ArchRule teachTrainsWithoutTheTrainer = noClasses()
            .that()
            .resideInAPackage("dev.kindling.teach..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.kindling.train..");

    @ArchTest
    static final ArchRule liveImportsOnlyBelow = importsOnlyBelow("live");

    @ArchTest
    static final ArchRule mlImportsOnlyBelow = importsOnlyBelow("ml");

    @ArchTest
    static final ArchRule theCoreAndWhatTeachesItKnowNothingOfSpark = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.kindling.linalg..", "dev.kindling.nn..", "dev.kindling.optim..", "dev.kindling.teach..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

    @ArchTest
    static final ArchRule trainDiagnoseAndLiveKnowSparkCoreOnly = noClasses()
            .that()
            .resideInAnyPackage("dev.kindling.train..", "dev.kindling.diagnose..", "dev.kindling.live..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark.sql..", "org.apache.spark.ml..", "org.apache.spark.mllib..");

    /** Spark deserialises what it ships itself; files hold JSON, Parquet and plain numbers. */
    @ArchTest
    static final ArchRule noFileIsDeserialised =
            noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

    @ArchTest
    static final ArchRule everyClassLivesOnAFloor = classes()
            .should()
            .resideInAnyPackage(
                    FLOORS.stream().map(floor -> "dev.kindling." + floor).toArray(String[]::new))
            .orShould()
            .haveSimpleName("package-info");

    private static ArchRule importsOnlyBelow(String floor) {
        String[] above = FLOORS.subList(FLOORS.indexOf(floor) + 1, FLOORS.size()).stream()
                .map(name -> "dev.kindling." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("dev.kindling." + floor + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above);
    }
}
