package dev.kindling.ml.params;

import dev.kindling.table.TableVectorizer;
import dev.kindling.table.TableVectorizerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.param.shared.HasWeightCol;

/** The params that estimators and their models share. {@code explainParams()} lists and explains them. */
public interface MlpParams extends HasWeightCol {

    /** The uid and params of this instance. Not for callers. */
    UidAndParams own();

    /** All params of this instance. Not for callers. */
    default ParamSet paramSet() {
        return own().params(this);
    }

    default Param<String> preset() {
        return paramSet().preset;
    }

    default String getPreset() {
        return getOrDefault(preset());
    }

    default IntArrayParam hiddenLayers() {
        return paramSet().hiddenLayers;
    }

    default int[] getHiddenLayers() {
        return getOrDefault(hiddenLayers());
    }

    default Param<String> activation() {
        return paramSet().activation;
    }

    default String getActivation() {
        return getOrDefault(activation());
    }

    default DoubleParam dropout() {
        return paramSet().dropout;
    }

    default double getDropout() {
        return (Double) getOrDefault(dropout());
    }

    default Param<String> loss() {
        return paramSet().loss;
    }

    default String getLoss() {
        return getOrDefault(loss());
    }

    default Param<String> optimizer() {
        return paramSet().optimizer;
    }

    default String getOptimizer() {
        return getOrDefault(optimizer());
    }

    default Param<String> schedule() {
        return paramSet().schedule;
    }

    default String getSchedule() {
        return getOrDefault(schedule());
    }

    default Param<String> gradientClip() {
        return paramSet().gradientClip;
    }

    default String getGradientClip() {
        return getOrDefault(gradientClip());
    }

    default DoubleParam stepSize() {
        return paramSet().stepSize;
    }

    default double getStepSize() {
        return (Double) getOrDefault(stepSize());
    }

    default IntParam maxIter() {
        return paramSet().maxIter;
    }

    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    default IntParam batchSize() {
        return paramSet().batchSize;
    }

    default int getBatchSize() {
        return (Integer) getOrDefault(batchSize());
    }

    default DoubleParam regParam() {
        return paramSet().regParam;
    }

    default double getRegParam() {
        return (Double) getOrDefault(regParam());
    }

    default DoubleParam elasticNetParam() {
        return paramSet().elasticNetParam;
    }

    default double getElasticNetParam() {
        return (Double) getOrDefault(elasticNetParam());
    }

    default IntParam members() {
        return paramSet().members;
    }

    default int getMembers() {
        return (Integer) getOrDefault(members());
    }

    default Param<String> calibration() {
        return paramSet().calibration;
    }

    default String getCalibration() {
        return getOrDefault(calibration());
    }

    default Param<String> monitor() {
        return paramSet().monitor;
    }

    default String getMonitor() {
        return getOrDefault(monitor());
    }

    default IntParam patience() {
        return paramSet().patience;
    }

    default int getPatience() {
        return (Integer) getOrDefault(patience());
    }

    default DoubleParam tol() {
        return paramSet().tol;
    }

    default double getTol() {
        return (Double) getOrDefault(tol());
    }

    default DoubleParam validationFraction() {
        return paramSet().validationFraction;
    }

    default double getValidationFraction() {
        return (Double) getOrDefault(validationFraction());
    }

    default Param<String> validationIndicatorCol() {
        return paramSet().validationIndicatorCol;
    }

    default String getValidationIndicatorCol() {
        return getOrDefault(validationIndicatorCol());
    }

    /** From Spark's trait, because OneVsRest passes its weights only to estimators that have the trait. */
    @Override
    default Param<String> weightCol() {
        return paramSet().weightCol;
    }

    @Override
    default String getWeightCol() {
        return getOrDefault(weightCol());
    }

    /** Scala's setter of the trait's field. It does nothing: the param is in the param set. Not for callers. */
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(Param<String> value) {}

    default LongParam seed() {
        return paramSet().seed;
    }

    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    default IntParam numShards() {
        return paramSet().numShards;
    }

    default int getNumShards() {
        return (Integer) getOrDefault(numShards());
    }

    default IntParam aggregationDepth() {
        return paramSet().aggregationDepth;
    }

    default int getAggregationDepth() {
        return (Integer) getOrDefault(aggregationDepth());
    }

    default Param<String> architecture() {
        return paramSet().architecture;
    }

    default String getArchitecture() {
        return getOrDefault(architecture());
    }

    default BooleanParam batchNorm() {
        return paramSet().batchNorm;
    }

    default boolean getBatchNorm() {
        return (Boolean) getOrDefault(batchNorm());
    }

    default Param<String> initializer() {
        return paramSet().initializer;
    }

    default String getInitializer() {
        return getOrDefault(initializer());
    }

    default BooleanParam trainedScale() {
        return paramSet().trainedScale;
    }

    default boolean getTrainedScale() {
        return (Boolean) getOrDefault(trainedScale());
    }

    default BooleanParam standardize() {
        return paramSet().standardize;
    }

    default boolean getStandardize() {
        return (Boolean) getOrDefault(standardize());
    }

    default Param<String> embedding() {
        return paramSet().embedding;
    }

    default String getEmbedding() {
        return getOrDefault(embedding());
    }

    default Param<String> numberEmbedding() {
        return paramSet().numberEmbedding;
    }

    default String getNumberEmbedding() {
        return getOrDefault(numberEmbedding());
    }

    default Param<String> classWeights() {
        return paramSet().classWeights;
    }

    default String getClassWeights() {
        return getOrDefault(classWeights());
    }

    default Param<String> plateau() {
        return paramSet().plateau;
    }

    default String getPlateau() {
        return getOrDefault(plateau());
    }

    default DoubleParam emaDecay() {
        return paramSet().emaDecay;
    }

    default double getEmaDecay() {
        return (Double) getOrDefault(emaDecay());
    }

    default Param<String> dropoutSchedule() {
        return paramSet().dropoutSchedule;
    }

    default String getDropoutSchedule() {
        return getOrDefault(dropoutSchedule());
    }

    default Param<String> rateFactors() {
        return paramSet().rateFactors;
    }

    default String getRateFactors() {
        return getOrDefault(rateFactors());
    }

    default Param<String> weightDecaySchedule() {
        return paramSet().weightDecaySchedule;
    }

    default String getWeightDecaySchedule() {
        return getOrDefault(weightDecaySchedule());
    }

    default DoubleParam maxNorm() {
        return paramSet().maxNorm;
    }

    default double getMaxNorm() {
        return (Double) getOrDefault(maxNorm());
    }

    default IntParam referenceBatchSize() {
        return paramSet().referenceBatchSize;
    }

    default int getReferenceBatchSize() {
        return (Integer) getOrDefault(referenceBatchSize());
    }

    default IntParam localSteps() {
        return paramSet().localSteps;
    }

    default int getLocalSteps() {
        return (Integer) getOrDefault(localSteps());
    }

    default Param<String> outerOptimizer() {
        return paramSet().outerOptimizer;
    }

    default String getOuterOptimizer() {
        return getOrDefault(outerOptimizer());
    }

    default Param<String> gradientSource() {
        return paramSet().gradientSource;
    }

    default String getGradientSource() {
        return getOrDefault(gradientSource());
    }

    default Param<String> embeddingCol() {
        return paramSet().embeddingCol;
    }

    default String getEmbeddingCol() {
        return getOrDefault(embeddingCol());
    }

    default Param<String> embeddingLayer() {
        return paramSet().embeddingLayer;
    }

    default String getEmbeddingLayer() {
        return getOrDefault(embeddingLayer());
    }

    default Param<String> checkpointDir() {
        return paramSet().checkpointDir;
    }

    default String getCheckpointDir() {
        return getOrDefault(checkpointDir());
    }

    default IntParam checkpointInterval() {
        return paramSet().checkpointInterval;
    }

    default int getCheckpointInterval() {
        return (Integer) getOrDefault(checkpointInterval());
    }

    default DoubleParam checkpointMinutes() {
        return paramSet().checkpointMinutes;
    }

    default double getCheckpointMinutes() {
        return (Double) getOrDefault(checkpointMinutes());
    }

    default IntParam checkpointKeep() {
        return paramSet().checkpointKeep;
    }

    default int getCheckpointKeep() {
        return (Integer) getOrDefault(checkpointKeep());
    }

    default Param<Vector> initialWeights() {
        return paramSet().initialWeights;
    }

    default Vector getInitialWeights() {
        return getOrDefault(initialWeights());
    }

    default Param<Vector> initialOffsets() {
        return paramSet().initialOffsets;
    }

    default Vector getInitialOffsets() {
        return getOrDefault(initialOffsets());
    }

    default Param<String> handleInvalid() {
        return paramSet().handleInvalid;
    }

    default String getHandleInvalid() {
        return getOrDefault(handleInvalid());
    }

    default Param<String> output() {
        return paramSet().output;
    }

    default String getOutput() {
        return getOrDefault(output());
    }

    default StringArrayParam featuresCols() {
        return paramSet().featuresCols;
    }

    /** The table's columns; none where they are not set. */
    default String[] getFeaturesCols() {
        return isSet(featuresCols()) ? getOrDefault(featuresCols()) : new String[0];
    }

    default Param<TableVectorizer> vectorizer() {
        return paramSet().vectorizer;
    }

    /** A copy. */
    default TableVectorizer getVectorizer() {
        return getOrDefault(vectorizer()).copy(new ParamMap());
    }

    default Param<TableVectorizerModel> vectorizerModel() {
        return paramSet().vectorizerModel;
    }

    /** A copy of what was learned of the table's columns: {@code describe()} tells. A model that takes vectors has none. */
    default TableVectorizerModel getVectorizerModel() {
        return getOrDefault(vectorizerModel()).copy(new ParamMap());
    }
}
