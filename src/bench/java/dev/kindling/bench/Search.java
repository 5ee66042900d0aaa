package dev.kindling.bench;

import dev.kindling.ml.MlpClassificationModel;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.search.MlpSearch;
import dev.kindling.ml.search.RandomParamGrid;
import dev.kindling.ml.search.SearchResult;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Trials a minute of the same maps of params over three folds of Fashion-MNIST: Spark's CrossValidator, two at once, and
 * Kindling's search, with halving and without, one after another. Arguments: [rows [trials [jobs]]]; with
 * {@code jobs} each step is a Spark job, as on a cluster.
 */
public final class Search {
    private static final int EPOCHS = 9;

    private Search() {}

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6_000;
        int trials = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 27;
        SparkSession spark = Session.local(2);
        if (arguments.length > 2 && arguments[2].equals("jobs")) {
            spark.sparkContext().setLocalProperty("spark.kindling.oneJvm", "false");
        }
        Dataset<Row> train = FashionMnist.train(spark, rows).cache();
        Dataset<Row> test = FashionMnist.test(spark);
        train.count();
        MlpClassifier mlp =
                new MlpClassifier().setPreset("none").setHiddenLayers(64).setMaxIter(EPOCHS).setBatchSize(64).setNumShards(2);
        mlp.setMaxIter(2).fit(train); // warm-up
        mlp.setMaxIter(EPOCHS);
        RandomParamGrid space = new RandomParamGrid(1)
                .add(mlp.stepSize(), "logUniform(1e-5, 1e-1)")
                .add(mlp.dropout(), "uniform(0, 0.5)")
                .add(mlp.hiddenLayers(), List.of(new int[] {32}, new int[] {64}, new int[] {128, 64}));
        ParamMap[] maps = space.build(trials);
        Table table = new Table("who", "s", "trials a minute", "times CrossValidator", "winner", "its loss there", "its rank there", "test accuracy");

        CrossValidatorModel[] validated = new CrossValidatorModel[1];
        double seconds = Times.seconds(() -> validated[0] = new CrossValidator()
                .setEstimator(mlp)
                .setEstimatorParamMaps(maps)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setNumFolds(3)
                .setParallelism(2)
                .fit(train));
        double[] losses = validated[0].avgMetrics();
        int winner = 1;
        for (int i = 1; i < losses.length; i++) {
            winner = losses[i] < losses[winner - 1] ? i + 1 : winner;
        }
        double base = 60 * trials / seconds;
        table.add(
                "CrossValidator",
                seconds,
                base,
                1.0,
                winner,
                losses[winner - 1],
                1,
                FashionMnist.accuracy((MlpClassificationModel) validated[0].bestModel(), test));
        for (int reduction : new int[] {1, 3}) {
            SearchResult[] found = new SearchResult[1];
            MlpClassificationModel[] refitted = new MlpClassificationModel[1];
            double own = Times.seconds(() -> {
                found[0] = new MlpSearch(mlp, space).setTrials(trials).setReduction(reduction).run(train);
                refitted[0] = mlp.fit(train, found[0].bestParams()); // as CrossValidator does
            });
            int best = found[0].best().result().number();
            double loss = losses[best - 1];
            table.add(
                    reduction == 1 ? "search, all to the end" : "search, halving",
                    own,
                    60 * trials / own,
                    60 * trials / own / base,
                    best,
                    loss,
                    1 + Arrays.stream(losses).filter(each -> each < loss).count(),
                    FashionMnist.accuracy(refitted[0], test));
        }
        table.print();
    }
}
