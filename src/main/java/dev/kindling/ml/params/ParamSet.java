package dev.kindling.ml.params;

import dev.kindling.loss.Loss;
import dev.kindling.nn.GradientSource;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.nn.Nonlinearity;
import dev.kindling.optim.Clip;
import dev.kindling.optim.FirstOrder;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/** The params that estimators and models share, with their documentation, defaults and bounds: each stated here once. */
public final class ParamSet {
    final IntArrayParam hiddenLayers;
    final Param<String> activation;
    final DoubleParam dropout;
    final Param<String> loss;
    final Param<String> optimizer;
    final Param<String> schedule;
    final Param<String> gradientClip;
    final DoubleParam stepSize;
    final IntParam maxIter;
    final IntParam batchSize;
    final DoubleParam regParam;
    final DoubleParam elasticNetParam;
    final IntParam patience;
    final DoubleParam tol;
    final DoubleParam validationFraction;
    final Param<String> validationIndicatorCol;
    final Param<String> weightCol;
    final LongParam seed;
    final IntParam numShards;
    final IntParam aggregationDepth;
    final Param<String> architecture;
    final BooleanParam batchNorm;
    final Param<String> initializer;
    final BooleanParam standardize;
    final Param<String> classWeights;
    final Param<String> plateau;
    final DoubleParam emaDecay;
    final DoubleParam maxNorm;
    final IntParam referenceBatchSize;
    final Param<String> gradientSource;
    final IntParam localSteps;
    final Param<String> outerOptimizer;
    final Param<String> embeddingCol;
    final Param<String> embeddingLayer;
    final Param<String> checkpointDir;
    final IntParam checkpointInterval;
    final DoubleParam checkpointMinutes;
    final IntParam checkpointKeep;
    final Param<Vector> initialWeights;
    final IntParam classCount; // of classification
    final BooleanParam standardizeTarget; // of regression
    final Param<String> predictionsCol; // of regression

    public ParamSet(Params owner) {
        hiddenLayers = new IntArrayParam(owner, "hiddenLayers", "widths of the hidden layers, from input to output");
        activation = new Param<>(
                owner,
                "activation",
                "activation after each hidden layer, such as relu",
                new SpecOf(Nonlinearity.class, false));
        dropout = new DoubleParam(
                owner, "dropout", "fraction of each hidden layer's outputs that is dropped in training", from(0, 1));
        loss = new Param<>(owner, "loss", "loss to minimise", new SpecOf(Loss.class, false));
        optimizer = new Param<>(
                owner,
                "optimizer",
                "optimizer, such as adam(beta1=0.9, beta2=0.999)",
                new SpecOf(Optimizer.class, false));
        schedule = new Param<>(
                owner,
                "schedule",
                "course of the learning rate, such as warmup(epochs(2), then=cosine)",
                new SpecOf(Schedule.class, false));
        gradientClip = new Param<>(
                owner, "gradientClip", "bound on the gradient, such as globalNorm(1)", new SpecOf(Clip.class, false));
        stepSize = new DoubleParam(owner, "stepSize", "learning rate (> 0)", ParamValidators.gt(0));
        maxIter = new IntParam(owner, "maxIter", "number of epochs, passes over the data (> 0)", ParamValidators.gt(0));
        batchSize = new IntParam(
                owner, "batchSize", "rows in a step, over all shards together (> 0)", ParamValidators.gt(0));
        regParam = new DoubleParam(owner, "regParam", "strength of the penalty on weights (>= 0)", atLeast(0));
        elasticNetParam = new DoubleParam(
                owner,
                "elasticNetParam",
                "share of L1 in the penalty, in [0, 1]; the rest is L2",
                ParamValidators.inRange(0, 1));
        patience = new IntParam(
                owner, "patience", "epochs without a better loss after which to stop; 0: never", atLeast(0));
        tol = new DoubleParam(
                owner, "tol", "by how much a loss must be better to count for patience (>= 0)", atLeast(0));
        validationFraction = new DoubleParam(
                owner, "validationFraction", "fraction of rows set aside to validate on, in [0, 1)", from(0, 1));
        validationIndicatorCol = new Param<>(
                owner, "validationIndicatorCol", "boolean column: true for rows to validate on, not to train on");
        weightCol = new Param<>(owner, "weightCol", "column of row weights; all are 1 without it");
        seed = new LongParam(owner, "seed", "seed of everything random");
        numShards = new IntParam(
                owner,
                "numShards",
                "shards the data are spread over; 0: as many as the cluster runs at once",
                atLeast(0));
        aggregationDepth = new IntParam(
                owner,
                "aggregationDepth",
                "1: the driver adds all gradients; 2: executors add those that are too much for it",
                ParamValidators.inRange(1, 2));
        architecture = new Param<>(
                owner,
                "architecture",
                "hidden layers in full, such as dense(256) batchNorm relu dropout(0.2), dense(128) relu; instead of"
                        + " hiddenLayers, activation, batchNorm and dropout",
                new SpecOf(Layer.class, true));
        batchNorm = new BooleanParam(
                owner, "batchNorm", "whether each hidden layer is normalised over the batch before its activation");
        initializer = new Param<>(
                owner,
                "initializer",
                "how weights begin, such as heNormal; auto suits the activation",
                new SpecOf(Initializer.class, false));
        standardize = new BooleanParam(
                owner, "standardize", "whether the model begins by scaling each feature to mean 0 and deviation 1");
        classWeights = new Param<>(
                owner,
                "classWeights",
                "factors of the training rows' weights by class: none, balanced, factors([1 5]), byClass([1], [5])",
                new SpecOf(ClassWeights.class, false));
        plateau = new Param<>(
                owner,
                "plateau",
                "lowers the learning rate once the loss stays, such as reduce(factor=0.1, patience=10)",
                new SpecOf(Plateau.class, false));
        emaDecay = new DoubleParam(
                owner, "emaDecay", "decay of a moving average of the weights, in [0, 1); 0: no average", from(0, 1));
        maxNorm = new DoubleParam(
                owner, "maxNorm", "bound on the norm of the weights into each unit (>= 0); 0: none", atLeast(0));
        referenceBatchSize = new IntParam(
                owner,
                "referenceBatchSize",
                "batch size that the step size is for, which is scaled from it to batchSize; 0: as it is",
                atLeast(0));
        gradientSource = new Param<>(
                owner,
                "gradientSource",
                "where gradients come from: backpropagation or centralDifferences",
                new SpecOf(GradientSource.class, false));
        localSteps = new IntParam(
                owner,
                "localSteps",
                "number of steps each shard takes by itself before the shards are averaged (>= 1); 1: none",
                atLeast(1));
        outerOptimizer = new Param<>(
                owner,
                "outerOptimizer",
                "what becomes of the average after local steps: average or nesterov(learningRate=0.7, momentum=0.9)",
                new SpecOf(OuterOptimizer.class, false));
        embeddingCol = new Param<>(
                owner, "embeddingCol", "column for the output of embeddingLayer, as a vector; none without it");
        embeddingLayer = new Param<>(
                owner,
                "embeddingLayer",
                "layer whose output is the embedding, such as relu2; without it the one below the outputs");
        checkpointDir = new Param<>(
                owner, "checkpointDir", "folder for checkpoints, of which the newest is gone on from; none without it");
        checkpointInterval = new IntParam(
                owner, "checkpointInterval", "epochs between checkpoints (>= 0); 0: none by epochs", atLeast(0));
        checkpointMinutes = new DoubleParam(
                owner, "checkpointMinutes", "minutes between checkpoints (>= 0); 0: none by time", atLeast(0));
        checkpointKeep =
                new IntParam(owner, "checkpointKeep", "how many of the newest checkpoints are kept (>= 1)", atLeast(1));
        initialWeights = new Param<>(
                owner,
                "initialWeights",
                "parameters to begin with, as a model's parameters() has them; drawn by the initializer without it");
        classCount = new IntParam(
                owner,
                "classCount",
                "number of classes (>= 0); 0: as the label column's metadata or the labels tell",
                atLeast(0));
        standardizeTarget = new BooleanParam(
                owner,
                "standardizeTarget",
                "whether training scales each target to mean 0 and deviation 1; predictions are in the target's unit");
        predictionsCol = new Param<>(
                owner, "predictionsCol", "column for a vector of predictions, where a row has several targets");

        owner.setDefault(hiddenLayers, new int[] {100});
        owner.setDefault(activation, "relu");
        owner.setDefault(dropout, 0.0);
        owner.setDefault(optimizer, Spec.print(new FirstOrder.Adam()));
        owner.setDefault(schedule, Spec.print(new Schedule.Constant()));
        owner.setDefault(gradientClip, Spec.print(new Clip.None()));
        owner.setDefault(stepSize, 0.001);
        owner.setDefault(maxIter, 20);
        owner.setDefault(batchSize, 256);
        owner.setDefault(regParam, 0.0);
        owner.setDefault(elasticNetParam, 0.0);
        owner.setDefault(patience, 0);
        owner.setDefault(tol, 1e-4);
        owner.setDefault(validationFraction, 0.0);
        owner.setDefault(seed, 0L);
        owner.setDefault(numShards, 0);
        owner.setDefault(aggregationDepth, 2);
        owner.setDefault(batchNorm, false);
        owner.setDefault(initializer, Spec.print(new Initializer.Auto()));
        owner.setDefault(standardize, false);
        owner.setDefault(classWeights, Spec.print(new ClassWeights.None()));
        owner.setDefault(plateau, Spec.print(new Plateau.None()));
        owner.setDefault(emaDecay, 0.0);
        owner.setDefault(maxNorm, 0.0);
        owner.setDefault(referenceBatchSize, 0);
        owner.setDefault(localSteps, 1);
        owner.setDefault(outerOptimizer, Spec.print(new OuterOptimizer.Average()));
        owner.setDefault(checkpointInterval, 1);
        owner.setDefault(checkpointMinutes, 0.0);
        owner.setDefault(checkpointKeep, 3);
        owner.setDefault(gradientSource, Spec.print(new GradientSource.Backpropagation()));
    }

    /** Whether a text is a spec of a family, or several; where it is not, the exception says what there is. */
    private static final class SpecOf extends AbstractFunction1<String, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Class<?> family;
        private final boolean several;

        SpecOf(Class<?> family, boolean several) {
            this.family = family;
            this.several = several;
        }

        @Override
        public Object apply(String text) {
            return several ? Spec.parseAll(family, text) != null : Spec.parse(family, text) != null;
        }
    }

    private static Function1<Object, Object> atLeast(double low) {
        return ParamValidators.gtEq(low);
    }

    /** In [low, high). */
    private static Function1<Object, Object> from(double low, double high) {
        return ParamValidators.inRange(low, high, true, false);
    }
}
