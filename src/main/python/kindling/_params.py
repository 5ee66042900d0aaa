"""The params of Kindling's estimators and models, as they are in Java.

Made by generate.py: change the Java class, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional, TypeVar, Union

from pyspark import keyword_only
from pyspark.ml.linalg import Vector
from pyspark.ml.param import Param, Params, TypeConverters

from kindling._stage import Settable, to_class_weights, to_stage

if TYPE_CHECKING:
    from kindling.table import TableVectorizer, TableVectorizerModel

P = TypeVar("P", bound=Settable)


class MlpParams(Params):
    """The params that estimators and models share."""

    activation: Param[str] = Param(
        Params._dummy(),
        "activation",
        "activation after each hidden layer, such as relu or tanh",
        typeConverter=TypeConverters.toString,
    )

    aggregationDepth: Param[int] = Param(
        Params._dummy(),
        "aggregationDepth",
        "depth of the sum of gradients (1 or 2); 1: the driver adds all; 2: executors add those too large"
        " for the driver",
        typeConverter=TypeConverters.toInt,
    )

    architecture: Param[str] = Param(
        Params._dummy(),
        "architecture",
        "hidden layers in full, instead of hiddenLayers, activation, batchNorm and dropout, such as "
        "\"dense(256) batchNorm relu dropout(0.2), dense(128) relu\"",
        typeConverter=TypeConverters.toString,
    )

    batchNorm: Param[bool] = Param(
        Params._dummy(),
        "batchNorm",
        "whether to normalise each hidden layer over the batch, before its activation",
        typeConverter=TypeConverters.toBoolean,
    )

    batchSize: Param[int] = Param(
        Params._dummy(),
        "batchSize",
        "number of rows in a step, over all shards together (>= 0); 0: by the number of rows, 32 to 4096",
        typeConverter=TypeConverters.toInt,
    )

    calibration: Param[str] = Param(
        Params._dummy(),
        "calibration",
        "how probabilities of classes are corrected after training, by the rows to validate on: none, or "
        "temperature, one factor for all logits",
        typeConverter=TypeConverters.toString,
    )

    checkpointDir: Param[str] = Param(
        Params._dummy(),
        "checkpointDir",
        "folder for checkpoints, from which training resumes; without it none are written",
        typeConverter=TypeConverters.toString,
    )

    checkpointInterval: Param[int] = Param(
        Params._dummy(),
        "checkpointInterval",
        "number of epochs between checkpoints (>= 0); 0: none by epochs",
        typeConverter=TypeConverters.toInt,
    )

    checkpointKeep: Param[int] = Param(
        Params._dummy(),
        "checkpointKeep",
        "number of newest checkpoints to keep, besides that of the best epoch (>= 1)",
        typeConverter=TypeConverters.toInt,
    )

    checkpointMinutes: Param[float] = Param(
        Params._dummy(),
        "checkpointMinutes",
        "minutes between checkpoints, within epochs too (>= 0); 0: none by time",
        typeConverter=TypeConverters.toFloat,
    )

    classWeights: Param[str] = Param(
        Params._dummy(),
        "classWeights",
        "weight factors of the training rows by class: none, balanced, factors([1 5]) or byClass([1], "
        "[5])",
        typeConverter=to_class_weights,
    )

    dropout: Param[float] = Param(
        Params._dummy(),
        "dropout",
        "fraction of each hidden layer's outputs that training drops, in [0, 1)",
        typeConverter=TypeConverters.toFloat,
    )

    dropoutSchedule: Param[str] = Param(
        Params._dummy(),
        "dropoutSchedule",
        "schedule of the rate of all dropout, such as flatCosine",
        typeConverter=TypeConverters.toString,
    )

    elasticNetParam: Param[float] = Param(
        Params._dummy(),
        "elasticNetParam",
        "share of L1 in the penalty, in [0, 1]; the rest is L2",
        typeConverter=TypeConverters.toFloat,
    )

    emaDecay: Param[float] = Param(
        Params._dummy(),
        "emaDecay",
        "decay of an exponential moving average of the weights, which is then what is kept, in [0, 1); 0:"
        " no average",
        typeConverter=TypeConverters.toFloat,
    )

    embedding: Param[str] = Param(
        Params._dummy(),
        "embedding",
        "layer that embeds columns of many categories: none, or embed(dim=8, oneHotUpTo=9), which leaves "
        "columns of up to 9 categories one-hot",
        typeConverter=TypeConverters.toString,
    )

    embeddingCol: Param[str] = Param(
        Params._dummy(),
        "embeddingCol",
        "column for the output of embeddingLayer, as a vector; without it none",
        typeConverter=TypeConverters.toString,
    )

    embeddingLayer: Param[str] = Param(
        Params._dummy(),
        "embeddingLayer",
        "layer whose output is the embedding, such as relu2; without it the one below the outputs",
        typeConverter=TypeConverters.toString,
    )

    featuresCol: Param[str] = Param(
        Params._dummy(),
        "featuresCol",
        "features column name",
        typeConverter=TypeConverters.toString,
    )

    featuresCols: Param[list[str]] = Param(
        Params._dummy(),
        "featuresCols",
        "a table's columns of any type, to learn from instead of a column of vectors; none: vectors, or "
        "what vectorizer says",
        typeConverter=TypeConverters.toListString,
    )

    gradientClip: Param[str] = Param(
        Params._dummy(),
        "gradientClip",
        "gradient clipping, such as globalNorm(1)",
        typeConverter=TypeConverters.toString,
    )

    gradientSource: Param[str] = Param(
        Params._dummy(),
        "gradientSource",
        "how gradients are computed: backpropagation or centralDifferences",
        typeConverter=TypeConverters.toString,
    )

    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what transform does with a row whose features are null, NaN, infinite or beyond float32's range:"
        " error; skip: leave it out; keep: its prediction is null. fit always refuses it",
        typeConverter=TypeConverters.toString,
    )

    hiddenLayers: Param[list[int]] = Param(
        Params._dummy(),
        "hiddenLayers",
        "widths of the hidden layers, from input to output, such as 256,128",
        typeConverter=TypeConverters.toListInt,
    )

    initialOffsets: Param[Vector] = Param(
        Params._dummy(),
        "initialOffsets",
        "what a model's parameters expect to be subtracted from its features and targets; it goes with "
        "initialWeights",
        typeConverter=TypeConverters.toVector,
    )

    initialWeights: Param[Vector] = Param(
        Params._dummy(),
        "initialWeights",
        "initial parameters, in the order of a model's parameters(); without it the initializer draws "
        "them",
        typeConverter=TypeConverters.toVector,
    )

    initializer: Param[str] = Param(
        Params._dummy(),
        "initializer",
        "distribution of the initial weights, such as heNormal; auto: He's, LeCun's or Glorot's, by the "
        "activation",
        typeConverter=TypeConverters.toString,
    )

    labelCol: Param[str] = Param(
        Params._dummy(),
        "labelCol",
        "label column name",
        typeConverter=TypeConverters.toString,
    )

    localSteps: Param[int] = Param(
        Params._dummy(),
        "localSteps",
        "number of steps that each shard takes on its own before the shards are averaged (>= 1); 1: none",
        typeConverter=TypeConverters.toInt,
    )

    loss: Param[str] = Param(
        Params._dummy(),
        "loss",
        "loss to minimise, such as multiclassHinge for classes or huber for values",
        typeConverter=TypeConverters.toString,
    )

    maxIter: Param[int] = Param(
        Params._dummy(),
        "maxIter",
        "number of epochs, passes over the data (>= 0); 0: by the number of rows, 20 to 300",
        typeConverter=TypeConverters.toInt,
    )

    maxNorm: Param[float] = Param(
        Params._dummy(),
        "maxNorm",
        "max-norm: the largest norm of the weights into each unit (>= 0); 0: no limit",
        typeConverter=TypeConverters.toFloat,
    )

    members: Param[int] = Param(
        Params._dummy(),
        "members",
        "number of networks that are trained at once, with seeds from seed on (>= 0); their predictions "
        "are averaged; 0: 4 for up to 10,000 rows, else 1",
        typeConverter=TypeConverters.toInt,
    )

    monitor: Param[str] = Param(
        Params._dummy(),
        "monitor",
        "what epochs are compared by, on the rows to validate on. Of classes: loss, accuracy, "
        "balancedAccuracy, f1, auc, averagePrecision, logLoss, brier, calibrationError; of values: loss, "
        "rmse, mae, r2, mape",
        typeConverter=TypeConverters.toString,
    )

    numShards: Param[int] = Param(
        Params._dummy(),
        "numShards",
        "number of shards of the data, at most 100000 (>= 0); 0: as many as the cluster runs at once",
        typeConverter=TypeConverters.toInt,
    )

    numberEmbedding: Param[str] = Param(
        Params._dummy(),
        "numberEmbedding",
        "layer that embeds numbers: none, plr(frequencies=16, dim=8, sigma=0.1), pbld(frequencies=16, "
        "dim=4, sigma=0.1), as RealMLP does, ple(bins=16), or auto: pbld for tables of 1,000 to 20,000 "
        "rows",
        typeConverter=TypeConverters.toString,
    )

    optimizer: Param[str] = Param(
        Params._dummy(),
        "optimizer",
        "optimizer, such as adam or momentum(momentum=0.9)",
        typeConverter=TypeConverters.toString,
    )

    outerOptimizer: Param[str] = Param(
        Params._dummy(),
        "outerOptimizer",
        "optimizer for the average after local steps: average or nesterov(learningRate=0.7, momentum=0.9)",
        typeConverter=TypeConverters.toString,
    )

    output: Param[str] = Param(
        Params._dummy(),
        "output",
        "what transform returns: predictions; or rows that tell of the model, for Spark Connect: network,"
        " weights, summary, or of the rows given, evaluation or importance(repeats=5, seed=0)",
        typeConverter=TypeConverters.toString,
    )

    patience: Param[int] = Param(
        Params._dummy(),
        "patience",
        "number of epochs without a better monitor after which training stops early (>= 0); 0: never. The"
        " default is for where rows are set aside to validate on",
        typeConverter=TypeConverters.toInt,
    )

    plateau: Param[str] = Param(
        Params._dummy(),
        "plateau",
        "rule that lowers the learning rate when monitor stops improving, such as reduce(factor=0.1, "
        "patience=10)",
        typeConverter=TypeConverters.toString,
    )

    predictionCol: Param[str] = Param(
        Params._dummy(),
        "predictionCol",
        "prediction column name",
        typeConverter=TypeConverters.toString,
    )

    preset: Param[str] = Param(
        Params._dummy(),
        "preset",
        "defaults of the other params: default, realmlp, fast, spark, or none: nothing but the network, "
        "at a constant rate on all rows",
        typeConverter=TypeConverters.toString,
    )

    rateFactors: Param[str] = Param(
        Params._dummy(),
        "rateFactors",
        "factors of the learning rate by kind of parameter: none, or byKind(weight=1, bias=0.1, gain=1, "
        "scale=6, numbers=0.1)",
        typeConverter=TypeConverters.toString,
    )

    referenceBatchSize: Param[int] = Param(
        Params._dummy(),
        "referenceBatchSize",
        "batch size that stepSize is meant for: the rate is scaled from it to batchSize (>= 0); 0: not "
        "scaled",
        typeConverter=TypeConverters.toInt,
    )

    regParam: Param[float] = Param(
        Params._dummy(),
        "regParam",
        "strength of the penalty on weights (>= 0)",
        typeConverter=TypeConverters.toFloat,
    )

    schedule: Param[str] = Param(
        Params._dummy(),
        "schedule",
        "learning rate schedule, such as cosine or warmup(epochs(2), then=cosine)",
        typeConverter=TypeConverters.toString,
    )

    seed: Param[int] = Param(
        Params._dummy(),
        "seed",
        "seed of everything random",
        typeConverter=TypeConverters.toInt,
    )

    standardize: Param[bool] = Param(
        Params._dummy(),
        "standardize",
        "whether to scale each feature to mean 0 and deviation 1, as a part of the model; features of 0 "
        "and 1 stay",
        typeConverter=TypeConverters.toBoolean,
    )

    stepSize: Param[float] = Param(
        Params._dummy(),
        "stepSize",
        "learning rate (> 0)",
        typeConverter=TypeConverters.toFloat,
    )

    tol: Param[float] = Param(
        Params._dummy(),
        "tol",
        "smallest improvement of what is monitored that counts as better (>= 0)",
        typeConverter=TypeConverters.toFloat,
    )

    trainedScale: Param[bool] = Param(
        Params._dummy(),
        "trainedScale",
        "whether to put a layer with a trained factor for each input before the hidden layers, as RealMLP"
        " does",
        typeConverter=TypeConverters.toBoolean,
    )

    validationFraction: Param[float] = Param(
        Params._dummy(),
        "validationFraction",
        "fraction of the training rows to validate on, in [0, 1); the best epoch's weights are then kept."
        " The default sets none aside of fewer than 50 rows",
        typeConverter=TypeConverters.toFloat,
    )

    validationIndicatorCol: Param[str] = Param(
        Params._dummy(),
        "validationIndicatorCol",
        "boolean column: true for rows to validate on instead of training on them",
        typeConverter=TypeConverters.toString,
    )

    vectorizer: Param[TableVectorizer] = Param(
        Params._dummy(),
        "vectorizer",
        "how a table's columns become features; without featuresCols, of which columns: all, unless it "
        "has inputCols",
        typeConverter=to_stage,
    )

    vectorizerModel: Param[TableVectorizerModel] = Param(
        Params._dummy(),
        "vectorizerModel",
        "what was learned of a table's columns; an estimator that has it learns nothing more of them",
        typeConverter=to_stage,
    )

    weightCol: Param[str] = Param(
        Params._dummy(),
        "weightCol",
        "column of row weights; without it all are 1",
        typeConverter=TypeConverters.toString,
    )

    weightDecaySchedule: Param[str] = Param(
        Params._dummy(),
        "weightDecaySchedule",
        "schedule of the optimizer's decoupled weight decay, beside that of the learning rate, such as "
        "flatCosine",
        typeConverter=TypeConverters.toString,
    )

    def getActivation(self) -> str:
        """The value of ``activation``, or its default."""
        return self.getOrDefault(self.activation)

    def getAggregationDepth(self) -> int:
        """The value of ``aggregationDepth``, or its default."""
        return self.getOrDefault(self.aggregationDepth)

    def getArchitecture(self) -> str:
        """The value of ``architecture``, or its default."""
        return self.getOrDefault(self.architecture)

    def getBatchNorm(self) -> bool:
        """The value of ``batchNorm``, or its default."""
        return self.getOrDefault(self.batchNorm)

    def getBatchSize(self) -> int:
        """The value of ``batchSize``, or its default."""
        return self.getOrDefault(self.batchSize)

    def getCalibration(self) -> str:
        """The value of ``calibration``, or its default."""
        return self.getOrDefault(self.calibration)

    def getCheckpointDir(self) -> str:
        """The value of ``checkpointDir``, or its default."""
        return self.getOrDefault(self.checkpointDir)

    def getCheckpointInterval(self) -> int:
        """The value of ``checkpointInterval``, or its default."""
        return self.getOrDefault(self.checkpointInterval)

    def getCheckpointKeep(self) -> int:
        """The value of ``checkpointKeep``, or its default."""
        return self.getOrDefault(self.checkpointKeep)

    def getCheckpointMinutes(self) -> float:
        """The value of ``checkpointMinutes``, or its default."""
        return self.getOrDefault(self.checkpointMinutes)

    def getClassWeights(self) -> str:
        """The value of ``classWeights``, or its default."""
        return self.getOrDefault(self.classWeights)

    def getDropout(self) -> float:
        """The value of ``dropout``, or its default."""
        return self.getOrDefault(self.dropout)

    def getDropoutSchedule(self) -> str:
        """The value of ``dropoutSchedule``, or its default."""
        return self.getOrDefault(self.dropoutSchedule)

    def getElasticNetParam(self) -> float:
        """The value of ``elasticNetParam``, or its default."""
        return self.getOrDefault(self.elasticNetParam)

    def getEmaDecay(self) -> float:
        """The value of ``emaDecay``, or its default."""
        return self.getOrDefault(self.emaDecay)

    def getEmbedding(self) -> str:
        """The value of ``embedding``, or its default."""
        return self.getOrDefault(self.embedding)

    def getEmbeddingCol(self) -> str:
        """The value of ``embeddingCol``, or its default."""
        return self.getOrDefault(self.embeddingCol)

    def getEmbeddingLayer(self) -> str:
        """The value of ``embeddingLayer``, or its default."""
        return self.getOrDefault(self.embeddingLayer)

    def getFeaturesCol(self) -> str:
        """The value of ``featuresCol``, or its default."""
        return self.getOrDefault(self.featuresCol)

    def getFeaturesCols(self) -> list[str]:
        """The value of ``featuresCols``, or its default."""
        return self.getOrDefault(self.featuresCols)

    def getGradientClip(self) -> str:
        """The value of ``gradientClip``, or its default."""
        return self.getOrDefault(self.gradientClip)

    def getGradientSource(self) -> str:
        """The value of ``gradientSource``, or its default."""
        return self.getOrDefault(self.gradientSource)

    def getHandleInvalid(self) -> str:
        """The value of ``handleInvalid``, or its default."""
        return self.getOrDefault(self.handleInvalid)

    def getHiddenLayers(self) -> list[int]:
        """The value of ``hiddenLayers``, or its default."""
        return self.getOrDefault(self.hiddenLayers)

    def getInitialOffsets(self) -> Vector:
        """The value of ``initialOffsets``, or its default."""
        return self.getOrDefault(self.initialOffsets)

    def getInitialWeights(self) -> Vector:
        """The value of ``initialWeights``, or its default."""
        return self.getOrDefault(self.initialWeights)

    def getInitializer(self) -> str:
        """The value of ``initializer``, or its default."""
        return self.getOrDefault(self.initializer)

    def getLabelCol(self) -> str:
        """The value of ``labelCol``, or its default."""
        return self.getOrDefault(self.labelCol)

    def getLocalSteps(self) -> int:
        """The value of ``localSteps``, or its default."""
        return self.getOrDefault(self.localSteps)

    def getLoss(self) -> str:
        """The value of ``loss``, or its default."""
        return self.getOrDefault(self.loss)

    def getMaxIter(self) -> int:
        """The value of ``maxIter``, or its default."""
        return self.getOrDefault(self.maxIter)

    def getMaxNorm(self) -> float:
        """The value of ``maxNorm``, or its default."""
        return self.getOrDefault(self.maxNorm)

    def getMembers(self) -> int:
        """The value of ``members``, or its default."""
        return self.getOrDefault(self.members)

    def getMonitor(self) -> str:
        """The value of ``monitor``, or its default."""
        return self.getOrDefault(self.monitor)

    def getNumShards(self) -> int:
        """The value of ``numShards``, or its default."""
        return self.getOrDefault(self.numShards)

    def getNumberEmbedding(self) -> str:
        """The value of ``numberEmbedding``, or its default."""
        return self.getOrDefault(self.numberEmbedding)

    def getOptimizer(self) -> str:
        """The value of ``optimizer``, or its default."""
        return self.getOrDefault(self.optimizer)

    def getOuterOptimizer(self) -> str:
        """The value of ``outerOptimizer``, or its default."""
        return self.getOrDefault(self.outerOptimizer)

    def getOutput(self) -> str:
        """The value of ``output``, or its default."""
        return self.getOrDefault(self.output)

    def getPatience(self) -> int:
        """The value of ``patience``, or its default."""
        return self.getOrDefault(self.patience)

    def getPlateau(self) -> str:
        """The value of ``plateau``, or its default."""
        return self.getOrDefault(self.plateau)

    def getPredictionCol(self) -> str:
        """The value of ``predictionCol``, or its default."""
        return self.getOrDefault(self.predictionCol)

    def getPreset(self) -> str:
        """The value of ``preset``, or its default."""
        return self.getOrDefault(self.preset)

    def getRateFactors(self) -> str:
        """The value of ``rateFactors``, or its default."""
        return self.getOrDefault(self.rateFactors)

    def getReferenceBatchSize(self) -> int:
        """The value of ``referenceBatchSize``, or its default."""
        return self.getOrDefault(self.referenceBatchSize)

    def getRegParam(self) -> float:
        """The value of ``regParam``, or its default."""
        return self.getOrDefault(self.regParam)

    def getSchedule(self) -> str:
        """The value of ``schedule``, or its default."""
        return self.getOrDefault(self.schedule)

    def getSeed(self) -> int:
        """The value of ``seed``, or its default."""
        return self.getOrDefault(self.seed)

    def getStandardize(self) -> bool:
        """The value of ``standardize``, or its default."""
        return self.getOrDefault(self.standardize)

    def getStepSize(self) -> float:
        """The value of ``stepSize``, or its default."""
        return self.getOrDefault(self.stepSize)

    def getTol(self) -> float:
        """The value of ``tol``, or its default."""
        return self.getOrDefault(self.tol)

    def getTrainedScale(self) -> bool:
        """The value of ``trainedScale``, or its default."""
        return self.getOrDefault(self.trainedScale)

    def getValidationFraction(self) -> float:
        """The value of ``validationFraction``, or its default."""
        return self.getOrDefault(self.validationFraction)

    def getValidationIndicatorCol(self) -> str:
        """The value of ``validationIndicatorCol``, or its default."""
        return self.getOrDefault(self.validationIndicatorCol)

    def getVectorizer(self) -> TableVectorizer:
        """The value of ``vectorizer``, or its default."""
        return self.getOrDefault(self.vectorizer)

    def getVectorizerModel(self) -> TableVectorizerModel:
        """The value of ``vectorizerModel``, or its default."""
        return self.getOrDefault(self.vectorizerModel)

    def getWeightCol(self) -> str:
        """The value of ``weightCol``, or its default."""
        return self.getOrDefault(self.weightCol)

    def getWeightDecaySchedule(self) -> str:
        """The value of ``weightDecaySchedule``, or its default."""
        return self.getOrDefault(self.weightDecaySchedule)


class ClassificationParams(MlpParams):
    """The params that only classification has."""

    classCount: Param[int] = Param(
        Params._dummy(),
        "classCount",
        "number of classes (>= 0); 0: taken from the label column's metadata or the labels",
        typeConverter=TypeConverters.toInt,
    )

    probabilityCol: Param[str] = Param(
        Params._dummy(),
        "probabilityCol",
        "Column name for predicted class conditional probabilities. Note: Not all models output well-"
        "calibrated probability estimates! These probabilities should be treated as confidences, not "
        "precise probabilities",
        typeConverter=TypeConverters.toString,
    )

    rawPredictionCol: Param[str] = Param(
        Params._dummy(),
        "rawPredictionCol",
        "raw prediction (a.k.a. confidence) column name",
        typeConverter=TypeConverters.toString,
    )

    thresholds: Param[list[float]] = Param(
        Params._dummy(),
        "thresholds",
        "Thresholds in multi-class classification to adjust the probability of predicting each class. "
        "Array must have length equal to the number of classes, with values > 0 excepting that at most "
        "one value may be 0. The class with largest value p/t is predicted, where p is the original "
        "probability of that class and t is the class's threshold",
        typeConverter=TypeConverters.toListFloat,
    )

    def getClassCount(self) -> int:
        """The value of ``classCount``, or its default."""
        return self.getOrDefault(self.classCount)

    def getProbabilityCol(self) -> str:
        """The value of ``probabilityCol``, or its default."""
        return self.getOrDefault(self.probabilityCol)

    def getRawPredictionCol(self) -> str:
        """The value of ``rawPredictionCol``, or its default."""
        return self.getOrDefault(self.rawPredictionCol)

    def getThresholds(self) -> list[float]:
        """The value of ``thresholds``, or its default."""
        return self.getOrDefault(self.thresholds)


class RegressionParams(MlpParams):
    """The params that only regression has."""

    predictionsCol: Param[str] = Param(
        Params._dummy(),
        "predictionsCol",
        "column for a vector of all predictions, where a row has several targets",
        typeConverter=TypeConverters.toString,
    )

    standardizeTarget: Param[bool] = Param(
        Params._dummy(),
        "standardizeTarget",
        "whether to scale each target to mean 0 and deviation 1 in training; predictions keep the "
        "target's unit",
        typeConverter=TypeConverters.toBoolean,
    )

    def getPredictionsCol(self) -> str:
        """The value of ``predictionsCol``, or its default."""
        return self.getOrDefault(self.predictionsCol)

    def getStandardizeTarget(self) -> bool:
        """The value of ``standardizeTarget``, or its default."""
        return self.getOrDefault(self.standardizeTarget)


class VectorizerParams(Params):
    """The params of a table vectorizer."""

    categoricalCols: Param[list[str]] = Param(
        Params._dummy(),
        "categoricalCols",
        "columns of categories, also where they hold numbers",
        typeConverter=TypeConverters.toListString,
    )

    datetimeCols: Param[list[str]] = Param(
        Params._dummy(),
        "datetimeCols",
        "columns of dates; COLUMN=PATTERN says how texts write them, such as when=dd/MM/yyyy",
        typeConverter=TypeConverters.toListString,
    )

    dropCols: Param[list[str]] = Param(
        Params._dummy(),
        "dropCols",
        "columns to leave out",
        typeConverter=TypeConverters.toListString,
    )

    idCols: Param[list[str]] = Param(
        Params._dummy(),
        "idCols",
        "columns that name rows, to leave out",
        typeConverter=TypeConverters.toListString,
    )

    inputCols: Param[list[str]] = Param(
        Params._dummy(),
        "inputCols",
        "the columns to make features of; none takes all but those that other params name",
        typeConverter=TypeConverters.toListString,
    )

    labelCol: Param[str] = Param(
        Params._dummy(),
        "labelCol",
        "a column that is no feature; it need not be there",
        typeConverter=TypeConverters.toString,
    )

    maxCategories: Param[int] = Param(
        Params._dummy(),
        "maxCategories",
        "the most categories of a column with features of their own; the rest share one",
        typeConverter=TypeConverters.toInt,
    )

    minCategoryRows: Param[int] = Param(
        Params._dummy(),
        "minCategoryRows",
        "categories with fewer rows share one feature",
        typeConverter=TypeConverters.toInt,
    )

    missing: Param[str] = Param(
        Params._dummy(),
        "missing",
        "what a missing number or date becomes: median, mean, zero or error",
        typeConverter=TypeConverters.toString,
    )

    numericCols: Param[list[str]] = Param(
        Params._dummy(),
        "numericCols",
        "columns of numbers",
        typeConverter=TypeConverters.toListString,
    )

    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "the column of vectors to add",
        typeConverter=TypeConverters.toString,
    )

    scale: Param[str] = Param(
        Params._dummy(),
        "scale",
        "how numbers are scaled: auto, standard, robust, quantile or none",
        typeConverter=TypeConverters.toString,
    )

    timeZone: Param[str] = Param(
        Params._dummy(),
        "timeZone",
        "whose clocks dates are read by; empty for the session's",
        typeConverter=TypeConverters.toString,
    )

    unseen: Param[str] = Param(
        Params._dummy(),
        "unseen",
        "what a category that training did not know becomes: zeros or error",
        typeConverter=TypeConverters.toString,
    )

    validationIndicatorCol: Param[str] = Param(
        Params._dummy(),
        "validationIndicatorCol",
        "a boolean column that is true for rows to learn nothing from, and no feature; empty for none",
        typeConverter=TypeConverters.toString,
    )

    weightCol: Param[str] = Param(
        Params._dummy(),
        "weightCol",
        "a column that is no feature; empty for none",
        typeConverter=TypeConverters.toString,
    )

    def getCategoricalCols(self) -> list[str]:
        """The value of ``categoricalCols``, or its default."""
        return self.getOrDefault(self.categoricalCols)

    def getDatetimeCols(self) -> list[str]:
        """The value of ``datetimeCols``, or its default."""
        return self.getOrDefault(self.datetimeCols)

    def getDropCols(self) -> list[str]:
        """The value of ``dropCols``, or its default."""
        return self.getOrDefault(self.dropCols)

    def getIdCols(self) -> list[str]:
        """The value of ``idCols``, or its default."""
        return self.getOrDefault(self.idCols)

    def getInputCols(self) -> list[str]:
        """The value of ``inputCols``, or its default."""
        return self.getOrDefault(self.inputCols)

    def getLabelCol(self) -> str:
        """The value of ``labelCol``, or its default."""
        return self.getOrDefault(self.labelCol)

    def getMaxCategories(self) -> int:
        """The value of ``maxCategories``, or its default."""
        return self.getOrDefault(self.maxCategories)

    def getMinCategoryRows(self) -> int:
        """The value of ``minCategoryRows``, or its default."""
        return self.getOrDefault(self.minCategoryRows)

    def getMissing(self) -> str:
        """The value of ``missing``, or its default."""
        return self.getOrDefault(self.missing)

    def getNumericCols(self) -> list[str]:
        """The value of ``numericCols``, or its default."""
        return self.getOrDefault(self.numericCols)

    def getOutputCol(self) -> str:
        """The value of ``outputCol``, or its default."""
        return self.getOrDefault(self.outputCol)

    def getScale(self) -> str:
        """The value of ``scale``, or its default."""
        return self.getOrDefault(self.scale)

    def getTimeZone(self) -> str:
        """The value of ``timeZone``, or its default."""
        return self.getOrDefault(self.timeZone)

    def getUnseen(self) -> str:
        """The value of ``unseen``, or its default."""
        return self.getOrDefault(self.unseen)

    def getValidationIndicatorCol(self) -> str:
        """The value of ``validationIndicatorCol``, or its default."""
        return self.getOrDefault(self.validationIndicatorCol)

    def getWeightCol(self) -> str:
        """The value of ``weightCol``, or its default."""
        return self.getOrDefault(self.weightCol)


class VectorizerModelParams(Params):
    """The params of a fitted table vectorizer."""

    encodings: Param[str] = Param(
        Params._dummy(),
        "encodings",
        "what was learned of each column, in JSON",
        typeConverter=TypeConverters.toString,
    )

    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what becomes of a row with a value that is refused: error, or keep, whose vector is null",
        typeConverter=TypeConverters.toString,
    )

    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "the column of vectors to add",
        typeConverter=TypeConverters.toString,
    )

    unseen: Param[str] = Param(
        Params._dummy(),
        "unseen",
        "what a category that training did not know becomes: zeros or error",
        typeConverter=TypeConverters.toString,
    )

    def getEncodings(self) -> str:
        """The value of ``encodings``, or its default."""
        return self.getOrDefault(self.encodings)

    def getHandleInvalid(self) -> str:
        """The value of ``handleInvalid``, or its default."""
        return self.getOrDefault(self.handleInvalid)

    def getOutputCol(self) -> str:
        """The value of ``outputCol``, or its default."""
        return self.getOrDefault(self.outputCol)

    def getUnseen(self) -> str:
        """The value of ``unseen``, or its default."""
        return self.getOrDefault(self.unseen)


class MlpSetters(Settable):
    """The setters that both estimators have."""

    def setActivation(self: P, value: str) -> P:
        """Sets the activation after each hidden layer, such as relu or tanh."""
        return self._with(activation=value)

    def setAggregationDepth(self: P, value: int) -> P:
        """Sets the depth of the sum of gradients (1 or 2); 1: the driver adds all; 2: executors add those too
        large for the driver."""
        return self._with(aggregationDepth=value)

    def setArchitecture(self: P, value: str) -> P:
        """Sets the hidden layers in full, instead of hiddenLayers, activation, batchNorm and dropout, such as
        "dense(256) batchNorm relu dropout(0.2), dense(128) relu"."""
        return self._with(architecture=value)

    def setBatchNorm(self: P, value: bool) -> P:
        """Sets whether to normalise each hidden layer over the batch, before its activation."""
        return self._with(batchNorm=value)

    def setBatchSize(self: P, value: int) -> P:
        """Sets the number of rows in a step, over all shards together (>= 0); 0: by the number of rows, 32 to
        4096."""
        return self._with(batchSize=value)

    def setCalibration(self: P, value: str) -> P:
        """Sets how probabilities of classes are corrected after training, by the rows to validate on: none,
        or temperature, one factor for all logits."""
        return self._with(calibration=value)

    def setCheckpointDir(self: P, value: str) -> P:
        """Sets the folder for checkpoints, from which training resumes; without it none are written."""
        return self._with(checkpointDir=value)

    def setCheckpointInterval(self: P, value: int) -> P:
        """Sets the number of epochs between checkpoints (>= 0); 0: none by epochs."""
        return self._with(checkpointInterval=value)

    def setCheckpointKeep(self: P, value: int) -> P:
        """Sets the number of newest checkpoints to keep, besides that of the best epoch (>= 1)."""
        return self._with(checkpointKeep=value)

    def setCheckpointMinutes(self: P, value: float) -> P:
        """Sets the minutes between checkpoints, within epochs too (>= 0); 0: none by time."""
        return self._with(checkpointMinutes=value)

    def setClassWeights(self: P, value: Union[str, Mapping[int, float]]) -> P:
        """Sets the weight factors of the training rows by class: none, balanced, factors([1 5]) or
        byClass([1], [5])."""
        return self._with(classWeights=value)

    def setDropout(self: P, value: float) -> P:
        """Sets the fraction of each hidden layer's outputs that training drops, in [0, 1)."""
        return self._with(dropout=value)

    def setDropoutSchedule(self: P, value: str) -> P:
        """Sets the schedule of the rate of all dropout, such as flatCosine."""
        return self._with(dropoutSchedule=value)

    def setElasticNetParam(self: P, value: float) -> P:
        """Sets the share of L1 in the penalty, in [0, 1]; the rest is L2."""
        return self._with(elasticNetParam=value)

    def setEmaDecay(self: P, value: float) -> P:
        """Sets the decay of an exponential moving average of the weights, which is then what is kept, in [0,
        1); 0: no average."""
        return self._with(emaDecay=value)

    def setEmbedding(self: P, value: str) -> P:
        """Sets the layer that embeds columns of many categories: none, or embed(dim=8, oneHotUpTo=9), which
        leaves columns of up to 9 categories one-hot."""
        return self._with(embedding=value)

    def setEmbeddingCol(self: P, value: str) -> P:
        """Sets the column for the output of embeddingLayer, as a vector; without it none."""
        return self._with(embeddingCol=value)

    def setEmbeddingLayer(self: P, value: str) -> P:
        """Sets the layer whose output is the embedding, such as relu2; without it the one below the outputs."""
        return self._with(embeddingLayer=value)

    def setFeaturesCol(self: P, value: str) -> P:
        """Sets the features column name."""
        return self._with(featuresCol=value)

    def setFeaturesCols(self: P, value: list[str]) -> P:
        """Sets a table's columns of any type, to learn from instead of a column of vectors; none: vectors, or
        what vectorizer says."""
        return self._with(featuresCols=value)

    def setGradientClip(self: P, value: str) -> P:
        """Sets the gradient clipping, such as globalNorm(1)."""
        return self._with(gradientClip=value)

    def setGradientSource(self: P, value: str) -> P:
        """Sets how gradients are computed: backpropagation or centralDifferences."""
        return self._with(gradientSource=value)

    def setHandleInvalid(self: P, value: str) -> P:
        """Sets what transform does with a row whose features are null, NaN, infinite or beyond float32's
        range: error; skip: leave it out; keep: its prediction is null. fit always refuses it."""
        return self._with(handleInvalid=value)

    def setHiddenLayers(self: P, value: list[int]) -> P:
        """Sets the widths of the hidden layers, from input to output, such as 256,128."""
        return self._with(hiddenLayers=value)

    def setInitialOffsets(self: P, value: Vector) -> P:
        """Sets what a model's parameters expect to be subtracted from its features and targets; it goes with
        initialWeights."""
        return self._with(initialOffsets=value)

    def setInitialWeights(self: P, value: Vector) -> P:
        """Sets the initial parameters, in the order of a model's parameters(); without it the initializer
        draws them."""
        return self._with(initialWeights=value)

    def setInitializer(self: P, value: str) -> P:
        """Sets the distribution of the initial weights, such as heNormal; auto: He's, LeCun's or Glorot's, by
        the activation."""
        return self._with(initializer=value)

    def setLabelCol(self: P, value: str) -> P:
        """Sets the label column name."""
        return self._with(labelCol=value)

    def setLocalSteps(self: P, value: int) -> P:
        """Sets the number of steps that each shard takes on its own before the shards are averaged (>= 1); 1:
        none."""
        return self._with(localSteps=value)

    def setLoss(self: P, value: str) -> P:
        """Sets the loss to minimise, such as multiclassHinge for classes or huber for values."""
        return self._with(loss=value)

    def setMaxIter(self: P, value: int) -> P:
        """Sets the number of epochs, passes over the data (>= 0); 0: by the number of rows, 20 to 300."""
        return self._with(maxIter=value)

    def setMaxNorm(self: P, value: float) -> P:
        """Sets the max-norm: the largest norm of the weights into each unit (>= 0); 0: no limit."""
        return self._with(maxNorm=value)

    def setMembers(self: P, value: int) -> P:
        """Sets the number of networks that are trained at once, with seeds from seed on (>= 0); their
        predictions are averaged; 0: 4 for up to 10,000 rows, else 1."""
        return self._with(members=value)

    def setMonitor(self: P, value: str) -> P:
        """Sets what epochs are compared by, on the rows to validate on. Of classes: loss, accuracy,
        balancedAccuracy, f1, auc, averagePrecision, logLoss, brier, calibrationError; of values:
        loss, rmse, mae, r2, mape."""
        return self._with(monitor=value)

    def setNumShards(self: P, value: int) -> P:
        """Sets the number of shards of the data, at most 100000 (>= 0); 0: as many as the cluster runs at
        once."""
        return self._with(numShards=value)

    def setNumberEmbedding(self: P, value: str) -> P:
        """Sets the layer that embeds numbers: none, plr(frequencies=16, dim=8, sigma=0.1),
        pbld(frequencies=16, dim=4, sigma=0.1), as RealMLP does, ple(bins=16), or auto: pbld for
        tables of 1,000 to 20,000 rows."""
        return self._with(numberEmbedding=value)

    def setOptimizer(self: P, value: str) -> P:
        """Sets the optimizer, such as adam or momentum(momentum=0.9)."""
        return self._with(optimizer=value)

    def setOuterOptimizer(self: P, value: str) -> P:
        """Sets the optimizer for the average after local steps: average or nesterov(learningRate=0.7,
        momentum=0.9)."""
        return self._with(outerOptimizer=value)

    def setOutput(self: P, value: str) -> P:
        """Sets what transform returns: predictions; or rows that tell of the model, for Spark Connect:
        network, weights, summary, or of the rows given, evaluation or importance(repeats=5,
        seed=0)."""
        return self._with(output=value)

    def setPatience(self: P, value: int) -> P:
        """Sets the number of epochs without a better monitor after which training stops early (>= 0); 0:
        never. The default is for where rows are set aside to validate on."""
        return self._with(patience=value)

    def setPlateau(self: P, value: str) -> P:
        """Sets the rule that lowers the learning rate when monitor stops improving, such as
        reduce(factor=0.1, patience=10)."""
        return self._with(plateau=value)

    def setPredictionCol(self: P, value: str) -> P:
        """Sets the prediction column name."""
        return self._with(predictionCol=value)

    def setPreset(self: P, value: str) -> P:
        """Sets the defaults of the other params: default, realmlp, fast, spark, or none: nothing but the
        network, at a constant rate on all rows."""
        return self._with(preset=value)

    def setRateFactors(self: P, value: str) -> P:
        """Sets the factors of the learning rate by kind of parameter: none, or byKind(weight=1, bias=0.1,
        gain=1, scale=6, numbers=0.1)."""
        return self._with(rateFactors=value)

    def setReferenceBatchSize(self: P, value: int) -> P:
        """Sets the batch size that stepSize is meant for: the rate is scaled from it to batchSize (>= 0); 0:
        not scaled."""
        return self._with(referenceBatchSize=value)

    def setRegParam(self: P, value: float) -> P:
        """Sets the strength of the penalty on weights (>= 0)."""
        return self._with(regParam=value)

    def setSchedule(self: P, value: str) -> P:
        """Sets the learning rate schedule, such as cosine or warmup(epochs(2), then=cosine)."""
        return self._with(schedule=value)

    def setSeed(self: P, value: int) -> P:
        """Sets the seed of everything random."""
        return self._with(seed=value)

    def setStandardize(self: P, value: bool) -> P:
        """Sets whether to scale each feature to mean 0 and deviation 1, as a part of the model; features of 0
        and 1 stay."""
        return self._with(standardize=value)

    def setStepSize(self: P, value: float) -> P:
        """Sets the learning rate (> 0)."""
        return self._with(stepSize=value)

    def setTol(self: P, value: float) -> P:
        """Sets the smallest improvement of what is monitored that counts as better (>= 0)."""
        return self._with(tol=value)

    def setTrainedScale(self: P, value: bool) -> P:
        """Sets whether to put a layer with a trained factor for each input before the hidden layers, as
        RealMLP does."""
        return self._with(trainedScale=value)

    def setValidationFraction(self: P, value: float) -> P:
        """Sets the fraction of the training rows to validate on, in [0, 1); the best epoch's weights are then
        kept. The default sets none aside of fewer than 50 rows."""
        return self._with(validationFraction=value)

    def setValidationIndicatorCol(self: P, value: str) -> P:
        """Sets the boolean column: true for rows to validate on instead of training on them."""
        return self._with(validationIndicatorCol=value)

    def setVectorizer(self: P, value: TableVectorizer) -> P:
        """Sets how a table's columns become features; without featuresCols, of which columns: all, unless it
        has inputCols."""
        return self._with(vectorizer=value)

    def setVectorizerModel(self: P, value: TableVectorizerModel) -> P:
        """Sets what was learned of a table's columns; an estimator that has it learns nothing more of them."""
        return self._with(vectorizerModel=value)

    def setWeightCol(self: P, value: str) -> P:
        """Sets the column of row weights; without it all are 1."""
        return self._with(weightCol=value)

    def setWeightDecaySchedule(self: P, value: str) -> P:
        """Sets the schedule of the optimizer's decoupled weight decay, beside that of the learning rate, such
        as flatCosine."""
        return self._with(weightDecaySchedule=value)


class ClassifierSetters(Settable):
    """The setters of the classifier alone."""

    def setClassCount(self: P, value: int) -> P:
        """Sets the number of classes (>= 0); 0: taken from the label column's metadata or the labels."""
        return self._with(classCount=value)

    def setProbabilityCol(self: P, value: str) -> P:
        """Sets the Column name for predicted class conditional probabilities. Note: Not all models output
        well-calibrated probability estimates! These probabilities should be treated as
        confidences, not precise probabilities."""
        return self._with(probabilityCol=value)

    def setRawPredictionCol(self: P, value: str) -> P:
        """Sets the raw prediction (a.k.a. confidence) column name."""
        return self._with(rawPredictionCol=value)

    def setThresholds(self: P, value: list[float]) -> P:
        """Sets the Thresholds in multi-class classification to adjust the probability of predicting each
        class. Array must have length equal to the number of classes, with values > 0 excepting
        that at most one value may be 0. The class with largest value p/t is predicted, where p is
        the original probability of that class and t is the class's threshold."""
        return self._with(thresholds=value)


class RegressorSetters(Settable):
    """The setters of the regressor alone."""

    def setPredictionsCol(self: P, value: str) -> P:
        """Sets the column for a vector of all predictions, where a row has several targets."""
        return self._with(predictionsCol=value)

    def setStandardizeTarget(self: P, value: bool) -> P:
        """Sets whether to scale each target to mean 0 and deviation 1 in training; predictions keep the
        target's unit."""
        return self._with(standardizeTarget=value)


class ClassificationModelSetters(Settable):
    """The setters of a classification model."""

    def setFeaturesCol(self: P, value: str) -> P:
        """Sets the features column name."""
        return self._with(featuresCol=value)

    def setHandleInvalid(self: P, value: str) -> P:
        """Sets what transform does with a row whose features are null, NaN, infinite or beyond float32's
        range: error; skip: leave it out; keep: its prediction is null. fit always refuses it."""
        return self._with(handleInvalid=value)

    def setOutput(self: P, value: str) -> P:
        """Sets what transform returns: predictions; or rows that tell of the model, for Spark Connect:
        network, weights, summary, or of the rows given, evaluation or importance(repeats=5,
        seed=0)."""
        return self._with(output=value)

    def setPredictionCol(self: P, value: str) -> P:
        """Sets the prediction column name."""
        return self._with(predictionCol=value)

    def setProbabilityCol(self: P, value: str) -> P:
        """Sets the Column name for predicted class conditional probabilities. Note: Not all models output
        well-calibrated probability estimates! These probabilities should be treated as
        confidences, not precise probabilities."""
        return self._with(probabilityCol=value)

    def setRawPredictionCol(self: P, value: str) -> P:
        """Sets the raw prediction (a.k.a. confidence) column name."""
        return self._with(rawPredictionCol=value)

    def setThresholds(self: P, value: list[float]) -> P:
        """Sets the Thresholds in multi-class classification to adjust the probability of predicting each
        class. Array must have length equal to the number of classes, with values > 0 excepting
        that at most one value may be 0. The class with largest value p/t is predicted, where p is
        the original probability of that class and t is the class's threshold."""
        return self._with(thresholds=value)


class RegressionModelSetters(Settable):
    """The setters of a regression model."""

    def setFeaturesCol(self: P, value: str) -> P:
        """Sets the features column name."""
        return self._with(featuresCol=value)

    def setHandleInvalid(self: P, value: str) -> P:
        """Sets what transform does with a row whose features are null, NaN, infinite or beyond float32's
        range: error; skip: leave it out; keep: its prediction is null. fit always refuses it."""
        return self._with(handleInvalid=value)

    def setOutput(self: P, value: str) -> P:
        """Sets what transform returns: predictions; or rows that tell of the model, for Spark Connect:
        network, weights, summary, or of the rows given, evaluation or importance(repeats=5,
        seed=0)."""
        return self._with(output=value)

    def setPredictionCol(self: P, value: str) -> P:
        """Sets the prediction column name."""
        return self._with(predictionCol=value)


class VectorizerSetters(Settable):
    """The setters of a table vectorizer."""

    def setCategoricalCols(self: P, value: list[str]) -> P:
        """Sets columns of categories, also where they hold numbers."""
        return self._with(categoricalCols=value)

    def setDatetimeCols(self: P, value: list[str]) -> P:
        """Sets columns of dates; COLUMN=PATTERN says how texts write them, such as when=dd/MM/yyyy."""
        return self._with(datetimeCols=value)

    def setDropCols(self: P, value: list[str]) -> P:
        """Sets columns to leave out."""
        return self._with(dropCols=value)

    def setIdCols(self: P, value: list[str]) -> P:
        """Sets columns that name rows, to leave out."""
        return self._with(idCols=value)

    def setInputCols(self: P, value: list[str]) -> P:
        """Sets the the columns to make features of; none takes all but those that other params name."""
        return self._with(inputCols=value)

    def setLabelCol(self: P, value: str) -> P:
        """Sets a column that is no feature; it need not be there."""
        return self._with(labelCol=value)

    def setMaxCategories(self: P, value: int) -> P:
        """Sets the the most categories of a column with features of their own; the rest share one."""
        return self._with(maxCategories=value)

    def setMinCategoryRows(self: P, value: int) -> P:
        """Sets the categories with fewer rows share one feature."""
        return self._with(minCategoryRows=value)

    def setMissing(self: P, value: str) -> P:
        """Sets what a missing number or date becomes: median, mean, zero or error."""
        return self._with(missing=value)

    def setNumericCols(self: P, value: list[str]) -> P:
        """Sets columns of numbers."""
        return self._with(numericCols=value)

    def setOutputCol(self: P, value: str) -> P:
        """Sets the the column of vectors to add."""
        return self._with(outputCol=value)

    def setScale(self: P, value: str) -> P:
        """Sets how numbers are scaled: auto, standard, robust, quantile or none."""
        return self._with(scale=value)

    def setTimeZone(self: P, value: str) -> P:
        """Sets the whose clocks dates are read by; empty for the session's."""
        return self._with(timeZone=value)

    def setUnseen(self: P, value: str) -> P:
        """Sets what a category that training did not know becomes: zeros or error."""
        return self._with(unseen=value)

    def setValidationIndicatorCol(self: P, value: str) -> P:
        """Sets a boolean column that is true for rows to learn nothing from, and no feature; empty for none."""
        return self._with(validationIndicatorCol=value)

    def setWeightCol(self: P, value: str) -> P:
        """Sets a column that is no feature; empty for none."""
        return self._with(weightCol=value)


class VectorizerModelSetters(Settable):
    """The setters of a fitted table vectorizer."""

    def setHandleInvalid(self: P, value: str) -> P:
        """Sets what becomes of a row with a value that is refused: error, or keep, whose vector is null."""
        return self._with(handleInvalid=value)

    def setOutputCol(self: P, value: str) -> P:
        """Sets the the column of vectors to add."""
        return self._with(outputCol=value)

    def setUnseen(self: P, value: str) -> P:
        """Sets what a category that training did not know becomes: zeros or error."""
        return self._with(unseen=value)


class ClassifierInit(ClassificationParams, MlpSetters, ClassifierSetters):
    """The constructor, whose keywords are the params."""

    _input_kwargs: dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        activation: Optional[str] = None,
        aggregationDepth: Optional[int] = None,
        architecture: Optional[str] = None,
        batchNorm: Optional[bool] = None,
        batchSize: Optional[int] = None,
        calibration: Optional[str] = None,
        checkpointDir: Optional[str] = None,
        checkpointInterval: Optional[int] = None,
        checkpointKeep: Optional[int] = None,
        checkpointMinutes: Optional[float] = None,
        classCount: Optional[int] = None,
        classWeights: Optional[Union[str, Mapping[int, float]]] = None,
        dropout: Optional[float] = None,
        dropoutSchedule: Optional[str] = None,
        elasticNetParam: Optional[float] = None,
        emaDecay: Optional[float] = None,
        embedding: Optional[str] = None,
        embeddingCol: Optional[str] = None,
        embeddingLayer: Optional[str] = None,
        featuresCol: Optional[str] = None,
        featuresCols: Optional[list[str]] = None,
        gradientClip: Optional[str] = None,
        gradientSource: Optional[str] = None,
        handleInvalid: Optional[str] = None,
        hiddenLayers: Optional[list[int]] = None,
        initialOffsets: Optional[Vector] = None,
        initialWeights: Optional[Vector] = None,
        initializer: Optional[str] = None,
        labelCol: Optional[str] = None,
        localSteps: Optional[int] = None,
        loss: Optional[str] = None,
        maxIter: Optional[int] = None,
        maxNorm: Optional[float] = None,
        members: Optional[int] = None,
        monitor: Optional[str] = None,
        numShards: Optional[int] = None,
        numberEmbedding: Optional[str] = None,
        optimizer: Optional[str] = None,
        outerOptimizer: Optional[str] = None,
        output: Optional[str] = None,
        patience: Optional[int] = None,
        plateau: Optional[str] = None,
        predictionCol: Optional[str] = None,
        preset: Optional[str] = None,
        probabilityCol: Optional[str] = None,
        rateFactors: Optional[str] = None,
        rawPredictionCol: Optional[str] = None,
        referenceBatchSize: Optional[int] = None,
        regParam: Optional[float] = None,
        schedule: Optional[str] = None,
        seed: Optional[int] = None,
        standardize: Optional[bool] = None,
        stepSize: Optional[float] = None,
        thresholds: Optional[list[float]] = None,
        tol: Optional[float] = None,
        trainedScale: Optional[bool] = None,
        validationFraction: Optional[float] = None,
        validationIndicatorCol: Optional[str] = None,
        vectorizer: Optional[TableVectorizer] = None,
        vectorizerModel: Optional[TableVectorizerModel] = None,
        weightCol: Optional[str] = None,
        weightDecaySchedule: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._start(self._input_kwargs)


class RegressorInit(RegressionParams, MlpSetters, RegressorSetters):
    """The constructor, whose keywords are the params."""

    _input_kwargs: dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        activation: Optional[str] = None,
        aggregationDepth: Optional[int] = None,
        architecture: Optional[str] = None,
        batchNorm: Optional[bool] = None,
        batchSize: Optional[int] = None,
        calibration: Optional[str] = None,
        checkpointDir: Optional[str] = None,
        checkpointInterval: Optional[int] = None,
        checkpointKeep: Optional[int] = None,
        checkpointMinutes: Optional[float] = None,
        classWeights: Optional[Union[str, Mapping[int, float]]] = None,
        dropout: Optional[float] = None,
        dropoutSchedule: Optional[str] = None,
        elasticNetParam: Optional[float] = None,
        emaDecay: Optional[float] = None,
        embedding: Optional[str] = None,
        embeddingCol: Optional[str] = None,
        embeddingLayer: Optional[str] = None,
        featuresCol: Optional[str] = None,
        featuresCols: Optional[list[str]] = None,
        gradientClip: Optional[str] = None,
        gradientSource: Optional[str] = None,
        handleInvalid: Optional[str] = None,
        hiddenLayers: Optional[list[int]] = None,
        initialOffsets: Optional[Vector] = None,
        initialWeights: Optional[Vector] = None,
        initializer: Optional[str] = None,
        labelCol: Optional[str] = None,
        localSteps: Optional[int] = None,
        loss: Optional[str] = None,
        maxIter: Optional[int] = None,
        maxNorm: Optional[float] = None,
        members: Optional[int] = None,
        monitor: Optional[str] = None,
        numShards: Optional[int] = None,
        numberEmbedding: Optional[str] = None,
        optimizer: Optional[str] = None,
        outerOptimizer: Optional[str] = None,
        output: Optional[str] = None,
        patience: Optional[int] = None,
        plateau: Optional[str] = None,
        predictionCol: Optional[str] = None,
        predictionsCol: Optional[str] = None,
        preset: Optional[str] = None,
        rateFactors: Optional[str] = None,
        referenceBatchSize: Optional[int] = None,
        regParam: Optional[float] = None,
        schedule: Optional[str] = None,
        seed: Optional[int] = None,
        standardize: Optional[bool] = None,
        standardizeTarget: Optional[bool] = None,
        stepSize: Optional[float] = None,
        tol: Optional[float] = None,
        trainedScale: Optional[bool] = None,
        validationFraction: Optional[float] = None,
        validationIndicatorCol: Optional[str] = None,
        vectorizer: Optional[TableVectorizer] = None,
        vectorizerModel: Optional[TableVectorizerModel] = None,
        weightCol: Optional[str] = None,
        weightDecaySchedule: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._start(self._input_kwargs)


class VectorizerInit(VectorizerParams, VectorizerSetters):
    """The constructor, whose keywords are the params."""

    _input_kwargs: dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        categoricalCols: Optional[list[str]] = None,
        datetimeCols: Optional[list[str]] = None,
        dropCols: Optional[list[str]] = None,
        idCols: Optional[list[str]] = None,
        inputCols: Optional[list[str]] = None,
        labelCol: Optional[str] = None,
        maxCategories: Optional[int] = None,
        minCategoryRows: Optional[int] = None,
        missing: Optional[str] = None,
        numericCols: Optional[list[str]] = None,
        outputCol: Optional[str] = None,
        scale: Optional[str] = None,
        timeZone: Optional[str] = None,
        unseen: Optional[str] = None,
        validationIndicatorCol: Optional[str] = None,
        weightCol: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._start(self._input_kwargs)


# The defaults, by class.
DEFAULTS: dict[str, dict[str, Any]] = {
    "MlpClassifier": {
        "activation": "relu",
        "aggregationDepth": 2,
        "batchNorm": False,
        "batchSize": 0,
        "calibration": "none",
        "checkpointInterval": 1,
        "checkpointKeep": 3,
        "checkpointMinutes": 0.0,
        "classCount": 0,
        "classWeights": "none",
        "dropout": 0.25,
        "dropoutSchedule": "constant",
        "elasticNetParam": 0.0,
        "emaDecay": 0.0,
        "embedding": "none",
        "featuresCol": "features",
        "gradientClip": "none",
        "gradientSource": "backpropagation",
        "handleInvalid": "error",
        "hiddenLayers": [128, 64],
        "initializer": "glorotUniform",
        "labelCol": "label",
        "localSteps": 1,
        "loss": "softmaxCrossEntropy(labelSmoothing=0)",
        "maxIter": 0,
        "maxNorm": 0.0,
        "members": 0,
        "monitor": "loss",
        "numShards": 0,
        "numberEmbedding": "auto",
        "optimizer": "adam(beta1=0.9, beta2=0.999, epsilon=1e-8)",
        "outerOptimizer": "average",
        "output": "predictions",
        "patience": 50,
        "plateau": "none",
        "predictionCol": "prediction",
        "preset": "default",
        "probabilityCol": "probability",
        "rateFactors": "none",
        "rawPredictionCol": "rawPrediction",
        "referenceBatchSize": 0,
        "regParam": 0.0,
        "schedule": "warmup(epochs(1), then=cosine(length=rest, floor=0))",
        "seed": 0,
        "standardize": True,
        "stepSize": 0.002,
        "tol": 0.0001,
        "trainedScale": False,
        "validationFraction": 0.15,
        "weightDecaySchedule": "constant",
    },
    "MlpClassificationModel": {
        "activation": "relu",
        "aggregationDepth": 2,
        "batchNorm": False,
        "batchSize": 0,
        "calibration": "none",
        "checkpointInterval": 1,
        "checkpointKeep": 3,
        "checkpointMinutes": 0.0,
        "classCount": 0,
        "classWeights": "none",
        "dropout": 0.25,
        "dropoutSchedule": "constant",
        "elasticNetParam": 0.0,
        "emaDecay": 0.0,
        "embedding": "none",
        "featuresCol": "features",
        "gradientClip": "none",
        "gradientSource": "backpropagation",
        "handleInvalid": "error",
        "hiddenLayers": [128, 64],
        "initializer": "glorotUniform",
        "labelCol": "label",
        "localSteps": 1,
        "loss": "softmaxCrossEntropy(labelSmoothing=0)",
        "maxIter": 0,
        "maxNorm": 0.0,
        "members": 0,
        "monitor": "loss",
        "numShards": 0,
        "numberEmbedding": "auto",
        "optimizer": "adam(beta1=0.9, beta2=0.999, epsilon=1e-8)",
        "outerOptimizer": "average",
        "output": "predictions",
        "patience": 50,
        "plateau": "none",
        "predictionCol": "prediction",
        "preset": "default",
        "probabilityCol": "probability",
        "rateFactors": "none",
        "rawPredictionCol": "rawPrediction",
        "referenceBatchSize": 0,
        "regParam": 0.0,
        "schedule": "warmup(epochs(1), then=cosine(length=rest, floor=0))",
        "seed": 0,
        "standardize": True,
        "stepSize": 0.002,
        "tol": 0.0001,
        "trainedScale": False,
        "validationFraction": 0.15,
        "weightDecaySchedule": "constant",
    },
    "MlpRegressor": {
        "activation": "relu",
        "aggregationDepth": 2,
        "batchNorm": False,
        "batchSize": 0,
        "calibration": "none",
        "checkpointInterval": 1,
        "checkpointKeep": 3,
        "checkpointMinutes": 0.0,
        "classWeights": "none",
        "dropout": 0.1,
        "dropoutSchedule": "constant",
        "elasticNetParam": 0.0,
        "emaDecay": 0.0,
        "embedding": "none",
        "featuresCol": "features",
        "gradientClip": "none",
        "gradientSource": "backpropagation",
        "handleInvalid": "error",
        "hiddenLayers": [128, 64],
        "initializer": "glorotUniform",
        "labelCol": "label",
        "localSteps": 1,
        "loss": "squaredError",
        "maxIter": 0,
        "maxNorm": 0.0,
        "members": 0,
        "monitor": "loss",
        "numShards": 0,
        "numberEmbedding": "auto",
        "optimizer": "adam(beta1=0.9, beta2=0.999, epsilon=1e-8)",
        "outerOptimizer": "average",
        "output": "predictions",
        "patience": 50,
        "plateau": "none",
        "predictionCol": "prediction",
        "predictionsCol": "predictions",
        "preset": "default",
        "rateFactors": "none",
        "referenceBatchSize": 0,
        "regParam": 0.0,
        "schedule": "warmup(epochs(1), then=cosine(length=rest, floor=0))",
        "seed": 0,
        "standardize": True,
        "standardizeTarget": True,
        "stepSize": 0.003,
        "tol": 0.0001,
        "trainedScale": False,
        "validationFraction": 0.15,
        "weightDecaySchedule": "constant",
    },
    "MlpRegressionModel": {
        "activation": "relu",
        "aggregationDepth": 2,
        "batchNorm": False,
        "batchSize": 0,
        "calibration": "none",
        "checkpointInterval": 1,
        "checkpointKeep": 3,
        "checkpointMinutes": 0.0,
        "classWeights": "none",
        "dropout": 0.1,
        "dropoutSchedule": "constant",
        "elasticNetParam": 0.0,
        "emaDecay": 0.0,
        "embedding": "none",
        "featuresCol": "features",
        "gradientClip": "none",
        "gradientSource": "backpropagation",
        "handleInvalid": "error",
        "hiddenLayers": [128, 64],
        "initializer": "glorotUniform",
        "labelCol": "label",
        "localSteps": 1,
        "loss": "squaredError",
        "maxIter": 0,
        "maxNorm": 0.0,
        "members": 0,
        "monitor": "loss",
        "numShards": 0,
        "numberEmbedding": "auto",
        "optimizer": "adam(beta1=0.9, beta2=0.999, epsilon=1e-8)",
        "outerOptimizer": "average",
        "output": "predictions",
        "patience": 50,
        "plateau": "none",
        "predictionCol": "prediction",
        "predictionsCol": "predictions",
        "preset": "default",
        "rateFactors": "none",
        "referenceBatchSize": 0,
        "regParam": 0.0,
        "schedule": "warmup(epochs(1), then=cosine(length=rest, floor=0))",
        "seed": 0,
        "standardize": True,
        "standardizeTarget": True,
        "stepSize": 0.003,
        "tol": 0.0001,
        "trainedScale": False,
        "validationFraction": 0.15,
        "weightDecaySchedule": "constant",
    },
    "TableVectorizer": {
        "categoricalCols": [],
        "datetimeCols": [],
        "dropCols": [],
        "idCols": [],
        "inputCols": [],
        "labelCol": "label",
        "maxCategories": 300,
        "minCategoryRows": 1,
        "missing": "median",
        "numericCols": [],
        "outputCol": "features",
        "scale": "auto",
        "timeZone": "",
        "unseen": "zeros",
        "validationIndicatorCol": "",
        "weightCol": "",
    },
    "TableVectorizerModel": {
        "handleInvalid": "error",
        "outputCol": "features",
        "unseen": "zeros",
    },
}


# What each preset changes in the defaults of MlpClassifier.
CLASSIFIER_PRESETS: dict[str, dict[str, Any]] = {
    "default": {
    },
    "realmlp": {
        "activation": "selu",
        "batchSize": 256,
        "dropout": 0.15,
        "dropoutSchedule": "flatCosine(length=rest, flat=0.5)",
        "hiddenLayers": [256, 256, 256],
        "initializer": "auto",
        "loss": "softmaxCrossEntropy(labelSmoothing=0.1)",
        "maxIter": 256,
        "members": 1,
        "numberEmbedding": "pbld(frequencies=16, dim=4, sigma=0.1, starts=[], widths=[])",
        "optimizer": "adamw(beta1=0.9, beta2=0.95, epsilon=1e-8, weightDecay=0.32)",
        "patience": 0,
        "rateFactors": "byKind(weight=0.0625, bias=0.1, gain=0.1, scale=6, numbers=0.1)",
        "schedule": "cosLog(length=rest, cycles=4)",
        "stepSize": 0.04,
        "trainedScale": True,
        "validationFraction": 0.2,
        "weightDecaySchedule": "flatCosine(length=rest, flat=0.5)",
    },
    "fast": {
        "batchSize": 256,
        "dropout": 0.0,
        "hiddenLayers": [64],
        "maxIter": 15,
        "members": 1,
        "numberEmbedding": "none",
        "stepSize": 0.004,
    },
    "spark": {
        "activation": "sigmoid",
        "dropout": 0.0,
        "initializer": "lecunUniform",
        "maxIter": 100,
        "members": 1,
        "numberEmbedding": "none",
        "optimizer": "lbfgs(memory=10, tolerance=1e-7)",
        "patience": 0,
        "schedule": "constant",
        "standardize": False,
        "tol": 1e-06,
        "validationFraction": 0.0,
    },
    "none": {
        "batchSize": 256,
        "dropout": 0.0,
        "hiddenLayers": [100],
        "initializer": "auto",
        "maxIter": 20,
        "members": 1,
        "numberEmbedding": "none",
        "patience": 0,
        "schedule": "constant",
        "standardize": False,
        "stepSize": 0.001,
        "validationFraction": 0.0,
    },
}


# What each preset changes in the defaults of MlpRegressor.
REGRESSOR_PRESETS: dict[str, dict[str, Any]] = {
    "default": {
    },
    "realmlp": {
        "activation": "mish",
        "batchSize": 256,
        "dropout": 0.15,
        "dropoutSchedule": "flatCosine(length=rest, flat=0.5)",
        "hiddenLayers": [256, 256, 256],
        "initializer": "auto",
        "maxIter": 256,
        "members": 1,
        "numberEmbedding": "pbld(frequencies=16, dim=4, sigma=0.1, starts=[], widths=[])",
        "optimizer": "adamw(beta1=0.9, beta2=0.95, epsilon=1e-8, weightDecay=0.32)",
        "patience": 0,
        "rateFactors": "byKind(weight=0.0625, bias=0.1, gain=0.1, scale=6, numbers=0.1)",
        "schedule": "cosLog(length=rest, cycles=4)",
        "stepSize": 0.2,
        "trainedScale": True,
        "validationFraction": 0.2,
        "weightDecaySchedule": "flatCosine(length=rest, flat=0.5)",
    },
    "fast": {
        "batchSize": 256,
        "dropout": 0.0,
        "hiddenLayers": [64],
        "maxIter": 15,
        "members": 1,
        "numberEmbedding": "none",
        "stepSize": 0.004,
    },
    "spark": {
        "activation": "sigmoid",
        "dropout": 0.0,
        "initializer": "lecunUniform",
        "maxIter": 100,
        "members": 1,
        "numberEmbedding": "none",
        "optimizer": "lbfgs(memory=10, tolerance=1e-7)",
        "patience": 0,
        "schedule": "constant",
        "standardize": False,
        "standardizeTarget": False,
        "tol": 1e-06,
        "validationFraction": 0.0,
    },
    "none": {
        "batchSize": 256,
        "dropout": 0.0,
        "hiddenLayers": [100],
        "initializer": "auto",
        "maxIter": 20,
        "members": 1,
        "numberEmbedding": "none",
        "patience": 0,
        "schedule": "constant",
        "standardize": False,
        "standardizeTarget": False,
        "stepSize": 0.001,
        "validationFraction": 0.0,
    },
}
