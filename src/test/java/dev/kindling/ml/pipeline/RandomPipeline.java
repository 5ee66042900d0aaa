package dev.kindling.ml.pipeline;

import dev.kindling.LocalSpark;
import dev.kindling.ml.MlpClassifier;
import dev.kindling.ml.MlpRegressor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.MinMaxScaler;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorSizeHint;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A pipeline of some of Spark's stages with some of their params, and rows with missing and unseen values. */
final class RandomPipeline {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("amount", DataTypes.DoubleType)
            .add("count", DataTypes.IntegerType)
            .add("price", DataTypes.FloatType)
            .add("cents", DataTypes.createDecimalType(9, 2))
            .add("seconds", DataTypes.LongType)
            .add("fixed", DataTypes.DoubleType)
            .add("flag", DataTypes.BooleanType)
            .add("level", DataTypes.IntegerType)
            .add("town", DataTypes.StringType)
            .add("code", DataTypes.IntegerType)
            .add("grade", DataTypes.DoubleType)
            .add("vector", SQLDataTypes.VectorType())
            .add("kind", DataTypes.StringType)
            .add("target", DataTypes.DoubleType)
            .add("mark", DataTypes.StringType);

    private static final String[] TOWNS = {"Bern", "Zürich", "Genf, \"Genève\"", "Basel", " Bern"};
    private static final String[] MARKS = {"", "x", " x"}; // Spark's encoder takes no empty one
    private static final String[] ORDERS = {"frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"};
    private static final List<String> IMPUTED = List.of("amount", "count", "price", "cents");

    final PipelineModel model;
    final boolean isClassifier;
    final boolean namesClasses; // by an IndexToString
    private final Random random;
    private final boolean zerosAreMissing;

    RandomPipeline(int seed, Dataset<Row> training) {
        random = new Random(seed);
        isClassifier = random.nextInt(3) > 0;
        zerosAreMissing = random.nextBoolean();
        List<PipelineStage> stages = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        if (isClassifier) {
            stages.add(new StringIndexer()
                    .setInputCol("kind")
                    .setOutputCol("label")
                    .setStringOrderType(any(ORDERS)));
        }
        addTexts(stages, parts);
        addNumbers(stages, parts);
        stages.add(new VectorAssembler()
                .setInputCols(parts.toArray(new String[0]))
                .setOutputCol("assembled")
                .setHandleInvalid(any("error", "skip", "keep")));
        String features = addScalers(stages);
        namesClasses = isClassifier && random.nextBoolean();
        if (isClassifier) {
            stages.add(new MlpClassifier()
                    .setFeaturesCol(features)
                    .setHiddenLayers(8)
                    .setMembers(1 + random.nextInt(2))
                    .setHandleInvalid(any("error", "skip", "keep"))
                    .setMaxIter(2));
        } else {
            stages.add(new MlpRegressor()
                    .setFeaturesCol(features)
                    .setLabelCol("target")
                    .setStandardizeTarget(random.nextBoolean())
                    .setHiddenLayers(8)
                    .setMembers(1)
                    .setMaxIter(2));
        }
        if (namesClasses) {
            stages.add(new IndexToString()
                    .setInputCol("prediction")
                    .setOutputCol("name")
                    .setLabels(new String[] {"first", "second", "third"}));
        }
        model = new Pipeline().setStages(stages.toArray(new PipelineStage[0])).fit(training);
    }

    private String any(String... options) {
        return options[random.nextInt(options.length)];
    }

    private void addTexts(List<PipelineStage> stages, List<String> parts) {
        String[] texts = {"town", "code", "grade", "mark"};
        String[] indices = {"townIndex", "codeIndex", "gradeIndex", "markIndex"};
        if (random.nextBoolean()) {
            stages.add(new StringIndexer()
                    .setInputCols(texts)
                    .setOutputCols(indices)
                    .setStringOrderType(any(ORDERS))
                    .setHandleInvalid(any("error", "skip", "keep")));
        } else {
            for (int i = 0; i < texts.length; i++) {
                stages.add(new StringIndexer()
                        .setInputCol(texts[i])
                        .setOutputCol(indices[i])
                        .setHandleInvalid(any("error", "skip", "keep")));
            }
        }
        parts.addAll(List.of("codeIndex", "markIndex"));
        if (random.nextBoolean()) {
            stages.add(new OneHotEncoder()
                    .setInputCols(new String[] {"townIndex", "level", "gradeIndex"})
                    .setOutputCols(new String[] {"townOnes", "levelOnes", "gradeOnes"})
                    .setDropLast(random.nextBoolean())
                    .setHandleInvalid(any("error", "keep")));
            parts.addAll(List.of("townOnes", "levelOnes", "gradeOnes"));
        } else {
            stages.add(new OneHotEncoder()
                    .setInputCol("townIndex")
                    .setOutputCol("townOnes")
                    .setDropLast(random.nextBoolean())
                    .setHandleInvalid(any("error", "keep")));
            parts.add("townOnes");
        }
    }

    private void addNumbers(List<PipelineStage> stages, List<String> parts) {
        if (random.nextInt(4) > 0) {
            String[] outputs = IMPUTED.stream().map(name -> name + "Filled").toArray(String[]::new);
            stages.add(new Imputer()
                    .setInputCols(IMPUTED.toArray(new String[0]))
                    .setOutputCols(outputs)
                    .setStrategy(any("mean", "median", "mode"))
                    .setMissingValue(zerosAreMissing ? 0 : Double.NaN));
            parts.addAll(List.of(outputs));
        }
        parts.addAll(List.of("fixed", "flag"));
        if (random.nextBoolean()) {
            stages.add(new VectorSizeHint().setInputCol("vector").setSize(3).setHandleInvalid(any("error", "skip")));
            parts.add(1, "vector");
        }
        if (random.nextBoolean()) {
            parts.add("seconds");
        }
    }

    private String addScalers(List<PipelineStage> stages) {
        String features = "assembled";
        int scalers = random.nextInt(3);
        for (int i = 0; i < scalers; i++) {
            String scaled = "scaled" + i;
            switch (random.nextInt(3)) {
                case 0 -> {
                    boolean withMean = random.nextBoolean();
                    stages.add(new StandardScaler()
                            .setInputCol(features)
                            .setOutputCol(scaled)
                            .setWithMean(withMean)
                            .setWithStd(!withMean || random.nextBoolean()));
                }
                case 1 ->
                    stages.add(new MinMaxScaler()
                            .setInputCol(features)
                            .setOutputCol(scaled)
                            .setMin(-1 - random.nextDouble())
                            .setMax(2));
                default ->
                    stages.add(new PCA()
                            .setInputCol(features)
                            .setOutputCol(scaled)
                            .setK(i == 0 ? 2 + random.nextInt(3) : 2));
            }
            features = scaled;
        }
        return features;
    }

    /** Whether a graph can tell the row's values: NaN stands for null there, and here an Imputer may tell them apart. */
    boolean isTold(Row row) {
        return !zerosAreMissing || row.isNullAt(1) || !Double.isNaN(row.getDouble(1));
    }

    /** Rows that every stage takes; numbers to impute are missing in some. */
    static Dataset<Row> training() {
        Random random = new Random(1);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Object[] row = row(i, random);
            for (int place = 1; place <= IMPUTED.size(); place++) {
                if (random.nextInt(8) == 0) {
                    row[place] = null;
                }
            }
            rows.add(RowFactory.create(row));
        }
        return frame(rows);
    }

    /** Others: in most rows a value is missing, unseen or not finite. */
    static Dataset<Row> others() {
        Random random = new Random(2);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Object[] row = row(i, random);
            int place = 1 + random.nextInt(12);
            if (i % 3 > 0) {
                row[place] = null;
            }
            if (i % 4 == 0) {
                row[9] = "Chur";
            }
            if (i % 7 == 0) {
                row[10] = 99;
            }
            if (i % 11 == 0) {
                row[8] = i % 2 == 0 ? -1 : 17;
            }
            if (i % 13 == 0) {
                row[6] = Double.POSITIVE_INFINITY;
            }
            if (i % 5 == 0) {
                row[2] = 0;
            }
            if (i % 9 == 0) {
                row[1] = Double.NaN;
            }
            if (i % 8 == 5) {
                row[15] = null;
            }
            rows.add(RowFactory.create(row));
        }
        return frame(rows);
    }

    private static Object[] row(int id, Random random) {
        double x = random.nextGaussian();
        return new Object[] {
            id,
            x * 30,
            random.nextInt(20),
            (float) random.nextGaussian(),
            new java.math.BigDecimal(random.nextInt(10_000)).movePointLeft(2),
            1_700_000_000L + random.nextInt(1000),
            7.0,
            random.nextBoolean(),
            random.nextInt(4),
            TOWNS[random.nextInt(TOWNS.length)],
            random.nextInt(4) * 10,
            random.nextInt(3) / 2.0,
            Vectors.dense(random.nextGaussian(), id % 5, random.nextDouble() * 100),
            x > 0.5 ? "a" : x > -0.5 ? "b" : "c",
            x * 10 + random.nextDouble(),
            MARKS[random.nextInt(MARKS.length)]
        };
    }

    private static Dataset<Row> frame(List<Row> rows) {
        return LocalSpark.session().createDataFrame(rows, SCHEMA).coalesce(1);
    }
}
