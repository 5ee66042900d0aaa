package dev.kindling.job;

import dev.kindling.job.storage.OwnFile;
import dev.kindling.job.storage.Storage;
import dev.kindling.teach.Demo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what training does, on tiny networks. It needs no data and does not start Spark. */
@Command(
        name = "demo",
        description = {
            "Trains tiny networks and writes a page that shows what training does: how decision boundaries form, which"
                    + " paths optimizers take, how initial weights affect ten layers, and what a gradient costs. Needs no"
                    + " data and no cluster.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
    private static final String HADOOP = "spark.hadoop."; // how spark-submit spells Hadoop's properties

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--output",
            paramLabel = "FILE.html",
            defaultValue = "demo.html",
            description = "Where to write the page (default: ${DEFAULT-VALUE})")
    private String output;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of data, weights and random search (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Configuration files = new Configuration();
        for (var property : new SparkConf().getAllWithPrefix(HADOOP)) {
            files.set(property._1(), property._2());
        }
        Storage target = Storage.of(files, output);
        target.requireFile("--output", true, OwnFile.PAGE); // a page of ours is as good as the next
        PrintWriter out = spec.commandLine().getOut();
        Demo demo = Demo.of(seed, System::nanoTime, line -> {
            out.println(line);
            out.flush();
        });
        target.write(demo.page());
        out.println();
        out.println("page written to " + target + "; any browser shows it");
        return Main.DONE;
    }
}
