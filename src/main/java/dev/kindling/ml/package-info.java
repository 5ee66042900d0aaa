/**
 * Kindling's Spark ML estimators: {@link dev.kindling.ml.MlpClassifier} and {@link
 * dev.kindling.ml.MlpRegressor}, with their models.
 *
 * <p>Everything public here is for users, and {@code CONTRIBUTING.md} says how it may change. Imports {@code
 * ml.internal} and the packages below it. Names follow Spark ML's bean conventions, unlike those of other packages.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Standardized targets are a loss</b>, {@code standardized(squaredError, means=[…], deviations=[…])}, because
 *       a loss owns the link from outputs to predictions: metrics and saved models need nothing else.
 *   <li><b>A model to continue from is given as params</b>: its weights, architecture, loss and number of classes.
 *       Anything that is not a param is lost in {@code copy}.
 *   <li><b>A listener is not a param</b>, because params are plain values that are saved. Copies keep it, because
 *       CrossValidator and {@code fit(dataset, paramMap)} fit copies.
 *   <li><b>{@link dev.kindling.ml.KryoClasses} is here</b>, above what it registers, because users name it in their
 *       configuration.
 * </ul>
 *
 * <h2>Recipes</h2>
 *
 * Each is compiled and run by a test; {@code train} and {@code test} have columns {@code features} and {@code label}.
 *
 * <p>Stop early, and look at the curve:
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier()
 *         .setHiddenLayers(64)
 *         .setMaxIter(100)
 *         .setValidationFraction(0.1)
 *         .setPatience(5) // epochs without a better validation loss; the best epoch's weights are kept
 *         .fit(train);
 * TrainingSummary summary = model.summary().orElseThrow();
 * System.out.println(summary.stopReason() + " after the best epoch, " + summary.bestEpoch());
 * summary.toDataset(spark).show();
 * }</pre>
 *
 * <p>Choose among optimizers and widths by cross-validation; specs are params as any other:
 *
 * <pre>{@code
 * MlpClassifier mlp = new MlpClassifier().setStandardize(true).setMaxIter(3);
 * ParamMap[] grid = {
 *     new ParamMap().put(mlp.optimizer(), "adam").put(mlp.hiddenLayers(), new int[] {16}),
 *     new ParamMap().put(mlp.optimizer(), "nesterov(momentum=0.95)").put(mlp.hiddenLayers(), new int[] {32, 16})
 * };
 * CrossValidatorModel best = new CrossValidator()
 *         .setEstimator(mlp)
 *         .setEstimatorParamMaps(grid)
 *         .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
 *         .setNumFolds(2)
 *         .setParallelism(2)
 *         .fit(train);
 * }</pre>
 *
 * <p>Rare classes: weigh them while training, or ask less of them when predicting:
 *
 * <pre>{@code
 * MlpClassifier balanced = new MlpClassifier().setClassWeights("balanced");
 * MlpClassifier dear = new MlpClassifier().setClassWeights(Map.of(2, 5.0)); // other classes have weight 1
 * MlpClassificationModel careful = dear.setMaxIter(2).fit(train).setThresholds(new double[] {0.5, 0.5, 0.2});
 * }</pre>
 *
 * <p>Several targets, whatever their size; {@code predictions} is a vector of all:
 *
 * <pre>{@code
 * Dataset<Row> both = train.withColumn("label", array(col("label"), col("weight").multiply(1000)));
 * MlpRegressionModel model = new MlpRegressor().setStandardizeTarget(true).setMaxIter(2).fit(both);
 * model.transform(both).select("predictions").show(5);
 * for (RegressionEvaluation.Target target : model.evaluate(both).targets()) {
 *     System.out.println(target.rmse());
 * }
 * }</pre>
 *
 * <p>An interval that holds four of five values, and counts:
 *
 * <pre>{@code
 * MlpRegressor regressor = new MlpRegressor().setLabelCol("weight").setMaxIter(2);
 * MlpRegressionModel low = regressor.setLoss("quantile(tau=0.1)").setPredictionCol("low").fit(train);
 * MlpRegressionModel high = regressor.setLoss("quantile(tau=0.9)").setPredictionCol("high").fit(train);
 * high.transform(low.transform(test)).select("low", "high").show(5);
 * MlpRegressionModel counts = new MlpRegressor().setLoss("poisson").setMaxIter(2).fit(train); // predicts means
 * }</pre>
 *
 * <p>Continue training a model, one micro-batch of a stream at a time:
 *
 * <pre>{@code
 * MlpClassificationModel[] last = {new MlpClassifier().setStandardize(true).setMaxIter(2).fit(train)};
 * VoidFunction2<Dataset<Row>, Long> learn = (batch, id) -> {
 *     if (!batch.isEmpty()) {
 *         last[0] = new MlpClassifier().setInitialModel(last[0]).setStepSize(1e-4).setMaxIter(1).fit(batch);
 *     }
 * };
 * train.write().parquet(folder + "/arriving");
 * spark.readStream()
 *         .schema(train.schema())
 *         .parquet(folder + "/arriving")
 *         .writeStream()
 *         .option("checkpointLocation", folder + "/learning")
 *         .trigger(Trigger.AvailableNow())
 *         .foreachBatch(learn)
 *         .start()
 *         .awaitTermination();
 * }</pre>
 *
 * <p>Survive a driver failure: the same program, started again, resumes from the newest checkpoint with the same bits:
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier()
 *         .setMaxIter(3)
 *         .setNumShards(4) // with the cluster's parallelism, another cluster would be another run
 *         .setCheckpointDir(folder + "/checkpoints") // one run's own
 *         .fit(train);
 * }</pre>
 *
 * <p>What a hidden layer makes of each row, as features for another method:
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier()
 *         .setHiddenLayers(16, 4)
 *         .setEmbeddingCol("code")
 *         .setEmbeddingLayer("relu2")
 *         .setMaxIter(2)
 *         .fit(train);
 * KMeansModel groups = new KMeans()
 *         .setFeaturesCol("code")
 *         .setPredictionCol("group")
 *         .setK(3)
 *         .fit(model.transform(train));
 * }</pre>
 *
 * <p>Which features matter:
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier().setMaxIter(5).fit(train);
 * for (FeatureImportance feature : model.permutationImportance(test, 5, 1)) {
 *     System.out.printf("%s %.3f ± %.3f%n", feature.name(), feature.mean(), feature.deviation());
 * }
 * }</pre>
 *
 * <p>Fewer rounds on a cluster, where a step costs a Spark job:
 *
 * <pre>{@code
 * MlpClassificationModel model = new MlpClassifier()
 *         .setBatchSize(64)
 *         .setLocalSteps(16) // each shard steps by itself, then all are averaged
 *         .setMaxIter(2)
 *         .fit(train);
 * }</pre>
 *
 * <p>Follow a fit:
 *
 * <pre>{@code
 * new MlpClassifier()
 *         .setMaxIter(3)
 *         .setListener(new TrainListener() {
 *             @Override
 *             public void ended(Epoch epoch) {
 *                 System.out.println(epoch.number() + " " + epoch.trainingLoss());
 *             }
 *         })
 *         .fit(train);
 * }</pre>
 */
@NullMarked
package dev.kindling.ml;

import org.jspecify.annotations.NullMarked;
