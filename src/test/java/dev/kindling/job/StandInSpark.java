package dev.kindling.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder with what the launchers look for in a Spark with YARN and Kubernetes, and with a configuration of YARN's. */
final class StandInSpark {
    private StandInSpark() {}

    /** Its spark-submit prints what it was given, a word a line. */
    static void make(Path home) throws IOException {
        Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
        Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(submit.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(home.resolve("libexec"));
        Files.createSymbolicLink(home.resolve("jars"), home.resolve("libexec")); // as package managers install Spark
        for (String file :
                List.of("jars/spark-yarn_2.12-3.5.9.jar", "jars/spark-kubernetes_2.12-3.5.9.jar", "yarn-site.xml")) {
            Files.createFile(home.resolve(file));
        }
    }
}
