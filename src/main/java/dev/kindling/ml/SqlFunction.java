package dev.kindling.ml;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.model.ModelFile;
import dev.kindling.model.NetworkDescription;
import dev.kindling.score.Prediction;
import dev.kindling.score.Scorer;
import dev.kindling.table.cache.PlainValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A model as a function of SQL. It takes one struct and finds the columns in it by their names: an order of arguments could be
 * mistaken without a notice, and Spark's functions of Java have at most 22.
 */
final class SqlFunction implements UDF1<Object, Row> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<float[]> parameters;
    private final String description;
    private final List<String> classes;
    private final double[] thresholds;
    private final @Nullable String table;
    private final boolean keepsInvalid;
    private transient @Nullable Scorer scorer; // of this task

    private SqlFunction(ModelFile model, Broadcast<float[]> parameters, boolean keepsInvalid) {
        this.parameters = parameters;
        this.description = model.description().toJson();
        this.classes = model.classes();
        this.thresholds = model.thresholds();
        this.table = model.table();
        this.keepsInvalid = keepsInvalid;
    }

    /** @param keepsInvalid whether a row that the model refuses has null instead of stopping the query */
    static void register(SparkSession session, String name, ModelFile model, boolean keepsInvalid) {
        Broadcast<float[]> sent =
                JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(model.parameters());
        session.udf().register(name, new SqlFunction(model, sent, keepsInvalid), type(model));
    }

    private static DataType type(ModelFile model) {
        if (!model.classes().isEmpty()) {
            return new StructType()
                    .add("label", DataTypes.StringType)
                    .add("probability", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType, false));
        }
        return model.description().ensemble().network().outputs() == 1
                ? new StructType().add("prediction", DataTypes.DoubleType)
                : new StructType().add("predictions", DataTypes.createArrayType(DataTypes.DoubleType, false));
    }

    @Override
    public @Nullable Row call(@Nullable Object given) {
        if (given == null) {
            return null;
        }
        try {
            return row(predict(scorer(), given));
        } catch (InvalidInput e) {
            if (keepsInvalid) {
                return null;
            }
            throw e;
        }
    }

    private Scorer scorer() {
        Scorer made = scorer;
        if (made == null) {
            made = new Scorer(new ModelFile(
                    NetworkDescription.parse(description, "a registered model"),
                    parameters.value(),
                    classes,
                    thresholds,
                    table));
            scorer = made;
        }
        return made;
    }

    private static Prediction predict(Scorer scorer, Object given) {
        if (given instanceof SparseVector sparse) {
            return scorer.predictFeatures(sparse.size(), sparse.indices(), sparse.values());
        }
        if (given instanceof Vector features) {
            return scorer.predictFeatures(features.toArray());
        }
        if (!(given instanceof Row row)) {
            throw new InvalidInput("a model's function takes " + expected(scorer) + ", but got a "
                    + given.getClass().getSimpleName());
        }
        Map<String, Object> values = new HashMap<>();
        String[] names = row.schema().fieldNames();
        for (int i = 0; i < names.length; i++) {
            values.put(names[i], PlainValue.of(row.get(i)));
        }
        return scorer.predict(values);
    }

    private static String expected(Scorer scorer) {
        return scorer.columns().isEmpty()
                ? "a vector of " + scorer.features() + " features"
                : "a struct of columns, such as struct(*)";
    }

    private static Row row(Prediction prediction) {
        if (prediction.isClass()) {
            return RowFactory.create(prediction.label(), prediction.probabilities());
        }
        double[] values = prediction.values();
        Object value = values.length == 1 ? (Object) values[0] : values;
        return RowFactory.create(value);
    }
}
