package dev.kindling.ml.columns;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import dev.kindling.ml.params.MlpParams;
import dev.kindling.table.ColumnDecision;
import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows with a column of vectors: that of the data or, where the params are of a table's columns, one that is added to them.
 *
 * @param features the column of vectors
 * @param vectorizer what was learned of a table's columns; null where the data have vectors
 */
public record FeatureRows(Dataset<?> rows, String features, @Nullable TableVectorizerModel vectorizer) {
    private static final Logger LOG = LoggerFactory.getLogger("dev.kindling.progress");
    private static final String ADDED = "kindling_features";

    /** Those of an estimator, which learns from the rows how to make features of a table's columns. */
    public static FeatureRows learn(Dataset<?> dataset, MlpParams params, String features, String label) {
        if (!takesTable(params) || params.isDefined(params.vectorizerModel())) {
            return of(dataset, params, features);
        }
        TableVectorizer vectorizer = vectorizer(params, label);
        String output = vectorizer.getOutputCol();
        TableVectorizerModel fitted =
                vectorizer.setOutputCol(added(dataset.schema())).fit(dataset).setOutputCol(output);
        LOG.info("columns of the table:");
        ColumnDecision.lines(fitted.decisions(), false).forEach(LOG::info);
        return of(dataset, fitted);
    }

    /** Those of a model, or of an estimator that is given what was learned. */
    public static FeatureRows of(Dataset<?> dataset, MlpParams params, String features) {
        if (!params.isDefined(params.vectorizerModel())) {
            return new FeatureRows(dataset, features, null);
        }
        boolean refuses =
                !(params instanceof Model) || params.getHandleInvalid().equals("error");
        TableVectorizerModel fitted = params.getVectorizerModel();
        return of(dataset, refuses ? fitted : fitted.setHandleInvalid("keep"));
    }

    private static FeatureRows of(Dataset<?> dataset, TableVectorizerModel fitted) {
        String added = added(dataset.schema());
        TableVectorizerModel adding = fitted.copy(new ParamMap()).setOutputCol(added);
        return new FeatureRows(adding.transform(dataset), added, fitted);
    }

    /** Other rows with the same features. */
    public FeatureRows with(Dataset<?> others) {
        return vectorizer == null ? new FeatureRows(others, features, null) : of(others, vectorizer);
    }

    /** What was made of the rows, without the column that was added to them. */
    public Dataset<Row> withoutAdded(Dataset<Row> made) {
        return vectorizer == null ? made : made.drop(features);
    }

    /** Whether the params are of a table's columns. */
    public static boolean takesTable(MlpParams params) {
        boolean learns = params.getFeaturesCols().length > 0 || params.isDefined(params.vectorizer());
        return params.isDefined(params.vectorizerModel()) || (learns && !(params instanceof Model));
    }

    /** Checks that the data have the features, as vectors or as a table's columns. */
    static void require(StructType schema, MlpParams params, String features, String label) {
        if (!takesTable(params)) {
            SchemaCheck.vectors(schema, params, features);
        } else if (params.isDefined(params.vectorizerModel())) {
            Require.that(
                    params instanceof Model
                            || (params.getFeaturesCols().length == 0 && !params.isDefined(params.vectorizer())),
                    "vectorizerModel says what was learned of a table, so featuresCols and vectorizer must not be set too");
            params.getVectorizerModel().setOutputCol(added(schema)).transformSchema(schema);
        } else {
            vectorizer(params, label).setOutputCol(added(schema)).transformSchema(schema);
        }
    }

    private static String added(StructType schema) {
        String name = ADDED;
        while (Arrays.asList(schema.fieldNames()).contains(name)) {
            name += "_";
        }
        return name;
    }

    /** The estimator's vectorizer, which knows what its columns are. */
    private static TableVectorizer vectorizer(MlpParams params, String label) {
        TableVectorizer vectorizer =
                params.isDefined(params.vectorizer()) ? params.getVectorizer() : new TableVectorizer();
        if (params.getFeaturesCols().length > 0) {
            vectorizer.setInputCols(params.getFeaturesCols());
        }
        name(vectorizer, vectorizer.labelCol(), label);
        name(vectorizer, vectorizer.weightCol(), column(params, params.weightCol()));
        name(vectorizer, vectorizer.validationIndicatorCol(), column(params, params.validationIndicatorCol()));
        return vectorizer;
    }

    private static String column(MlpParams params, Param<String> param) {
        return SchemaCheck.names(params, param) ? params.getOrDefault(param) : "";
    }

    private static void name(TableVectorizer vectorizer, Param<String> param, String column) {
        String plain = ColumnPath.added(column);
        String own = vectorizer.getOrDefault(param);
        boolean unset = vectorizer.getDefault(param).contains(own);
        if (!unset && !own.equals(plain)) {
            throw new InvalidInput(param.name() + " of the vectorizer must be that of the estimator, \"" + plain
                    + "\", but is \"" + own + "\"; dropCols leaves a column out");
        }
        Require.that(
                !List.of(vectorizer.getInputCols()).contains(plain),
                "featuresCols must not name the " + param.name() + ", but have \"" + plain + "\"");
        vectorizer.set(param, plain);
    }
}
