"""Breaks one line of the numeric core, or of the table vectorizer, at a time and asks whether a test goes red.

    python3 src/test/python/mutate.py --check        # a second: every row of the table matches the source once
    python3 src/test/python/mutate.py [WORD ...]     # runs the mutants whose name contains one of the words, or all

The gate runs --check; mutants run by hand. A row that no longer matches is an error: mend the table. The tree is compiled
once into a temporary folder. For a mutant only its file is compiled again, so no row may change a constant that javac inlines
elsewhere. One JVM runs the test class of the file's name, then those of the file's package, quick ones first, until one is
red: a second or two for each mutant, more where the tests need Spark. Exits with 1 if a mutant survives.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).parents[3]
CORE = pathlib.Path("src/main/java/dev/kindling")
TEST = pathlib.Path("src/test/java/dev/kindling")
NEGATED = "0f, spare, 0);\n            Kernels.scale(rows * frame.inputs, -1f, spare, 0);"

FIRST_ORDER = "optim/FirstOrder.java"
BOUND = """        if (maxNorm > 0) {
            for (Block block : layout) {
                if (block.role() == Block.Role.WEIGHT) {
                    bound(block, parameters);
                }
            }
        }
"""
# (name, file, line as it is, line as it is not)
MUTANTS = [
    ("dense: weights' gradient dropped", "nn/Dense.java", "frame.in.accumulateTransposed(", "if (rows < 0) frame.in.accumulateTransposed("),
    ("dense: biases' gradient dropped", "nn/Dense.java", "Kernels.addRowSums(", "if (rows < 0) Kernels.addRowSums("),
    ("dense: sign of the input's gradient", "nn/Dense.java", "0f, spare, 0);", NEGATED),
    ("relu: passes what it should stop", "nn/Activation.java", "floatToRawIntBits(delta[i]) & kept", "floatToRawIntBits(delta[i]) & ~kept"),
    ("leakyRelu: sign of the slope", "nn/Activation.java", "(~above & slopeBits)", "(~above & (slopeBits ^ Integer.MIN_VALUE))"),
    ("sigmoid: sign in s (1 - s)", "nn/Activation.java", "out[i] * (1f - out[i])", "out[i] * (1f + out[i])"),
    ("tanh: sign in 1 - t²", "nn/Activation.java", "1f - out[i] * out[i]", "1f + out[i] * out[i]"),
    ("elu: sign of alpha in the derivative", "nn/Activation.java", "1f : out[i] + a", "1f : out[i] - a"),
    ("selu: sign in the derivative", "nn/Activation.java", "out[i] + (float) LAMBDA_ALPHA", "out[i] - (float) LAMBDA_ALPHA"),
    ("hardSigmoid: sign of the slope", "nn/Activation.java", "delta[i] / 6f : 0f", "-delta[i] / 6f : 0f"),
    ("softplus: sign of the derivative", "nn/Activation.java", "*= Exponential.sigmoid(in[i])", "*= -Exponential.sigmoid(in[i])"),
    ("silu: sign of x s (1 - s)", "linalg/Exponential.java", "s + c * s * (power * s));", "s - c * s * (power * s));"),
    ("gelu: sign of x φ(x)", "linalg/Exponential.java", "mills(a) - NORMAL_DENSITY_AT_0 * a", "mills(a) + NORMAL_DENSITY_AT_0 * a"),
    ("geluTanh: sign of the inner derivative", "linalg/Exponential.java", "s + c * s * (power * s) * (", "s - c * s * (power * s) * ("),
    ("mish: sign of the sech² term", "linalg/Exponential.java", "n * m + 4 * c", "n * m - 4 * c"),
    ("dropout: no mask backward", "nn/Dropout.java", "frame.inputs, delta);", "0, delta);"),
    ("ple: edges' quantile one place on", "nn/embedding/PiecewiseLinear.java", "int below = (int) place;", "int below = (int) Math.ceil(place);"),
    ("ple: no end of inner bins", "nn/embedding/PiecewiseLinear.java", "t < bins - 1 ? Math.min(share, 1) : share", "share"),
    ("ple: the first bin has a lower end", "nn/embedding/PiecewiseLinear.java", "share = t > 0 ? Math.max(share, 0) : share;", "share = Math.max(share, 0);"),
    ("ple: a step the other way", "nn/embedding/PiecewiseLinear.java", "x >= low ? 1 : 0", "x >= low ? 0 : 1"),
    ("ple: slope of the bins beside it", "nn/embedding/PiecewiseLinear.java", "(t == bins - 1 || x < high)", "true"),
    ("average: probabilities without their sum", "loss/Averaging.java", "logs[k][j] -= total;", "logs[k][j] -= 0;"),
    ("average: sum for mean", "loss/Averaging.java", "logSumExp(terms) - StrictMath.log(terms.length)", "logSumExp(terms)"),
    ("average: odds of class 0", "loss/Averaging.java", "logMeanExp(one) - logMeanExp(zero)", "logMeanExp(zero) - logMeanExp(one)"),
    ("average: values' sum", "loss/Averaging.java", "(sum / networks.length)", "(sum / 1)"),
    ("ensemble: the first member twice", "nn/ensemble/EnsemblePass.java", "forward(parameters[k], features", "forward(parameters[0], features"),
    ("ensemble: the first member's layers lost", "nn/ensemble/EnsemblePass.java", "int k = parameters.length - 1; k >= 0; k--", "int k = 0; k < parameters.length; k++"),
    ("ensemble: logits times the temperature", "nn/ensemble/EnsemblePass.java", "result[i] / ensemble.temperature()", "result[i] * ensemble.temperature()"),
    ("folds: one part for all members", "train/ensemble/OwnFolds.java", "(member - 1) % count, count", "0, count"),
    ("folds: parts of two thirds", "train/ensemble/OwnFolds.java", "Math.round((double) shards.rows() / aside)", "Math.round((double) shards.rows() / aside / 2)"),
    ("fold: rows set aside are lost", "data/Shard.java", "PackedRows rows = all();", "PackedRows rows = training;"),
    ("temperature: targets not smoothed", "train/ensemble/Temperature.java", "1.0 / (rows + 2) / (classes - 1)", "0 * 1.0 / (rows + 2) / (classes - 1)"),
    ("temperature: sign of the slope", "train/ensemble/Temperature.java", "weight * (mean - targets)", "weight * (targets - mean)"),
    ("temperature: a single logit is class 0's", "train/ensemble/Temperature.java", "of[classes - outputs + j]", "of[j]"),
    ("temperature: its inverse", "train/ensemble/Temperature.java", "return 1 / inverse;", "return inverse;"),
    ("softmax: sign of the target", "loss/Loss.java", "delta[target] -= (float)", "delta[target] += (float)"),
    ("sigmoid loss: sign of the target", "loss/Loss.java", "Exponential.sigmoid(z) - target", "Exponential.sigmoid(z) + target"),
    ("smoothing: sign of the even part", "loss/Loss.java", "delta[j] -= part", "delta[j] += part"),
    ("hinge: sign of the target", "loss/Loss.java", "delta[target] = -weight * violated", "delta[target] = weight * violated"),
    ("hinge: sign of the others", "loss/Loss.java", "violates ? weight : 0f", "violates ? -weight : 0f"),
    ("focal: sign of the target", "loss/Loss.java", "(float) (-scale * q)", "(float) (scale * q)"),
    ("focal: sign in the factor A", "loss/Loss.java", "1 + gamma * p * share", "1 - gamma * p * share"),
    ("absolute error: sign", "loss/ValueLoss.java", "return Math.signum(", "return -Math.signum("),
    ("huber: sign of the cut below", "loss/ValueLoss.java", "Math.max(-delta,", "Math.max(delta,"),
    ("quantile: sign of tau below", "loss/ValueLoss.java", "error < 0 ? -tau", "error < 0 ? tau"),
    ("squared log error: of the target itself", "loss/ValueLoss.java", "return (float) StrictMath.log1p(given);", "return given;"),
    ("poisson: sign of the target", "loss/ValueLoss.java", "exp(output) - target;", "exp(output) + target;"),
    ("squared error: factor 2 dropped", "loss/ValueLoss.java", "2.0 * (output - target)", "1.0 * (output - target)"),
    ("sgd: sign of the step", "optim/FirstOrder.java", "parameters[i] -= r * gradient[i];", "parameters[i] += r * gradient[i];"),
    ("momentum: sign of the velocity", "optim/FirstOrder.java", "parameters[i] -= r * v[i];\n            }\n        }\n    }\n\n    /**\n     * Nesterov", "parameters[i] += r * v[i];\n            }\n        }\n    }\n\n    /**\n     * Nesterov"),
    ("adagrad: sign of the sum", "optim/FirstOrder.java", "s[i] += g * g;", "s[i] -= g * g;"),
    ("adadelta: sign of the step's square", "optim/FirstOrder.java", "p * u[i] + q * d * d", "p * u[i] - q * d * d"),
    ("adadelta: roots swapped", "optim/FirstOrder.java", "Math.sqrt(u[i] + eps) / (float) Math.sqrt(s[i] + eps)", "Math.sqrt(s[i] + eps) / (float) Math.sqrt(u[i] + eps)"),
    ("rmsprop: sign of the mean's square", "optim/FirstOrder.java", "s[i] - a[i] * a[i]", "s[i] + a[i] * a[i]"),
    ("rmsprop: sign of the momentum", "optim/FirstOrder.java", "mu * v[i] + g / (", "-mu * v[i] + g / ("),
    ("rmsprop: always centered", "optim/FirstOrder.java", "centered ? q : 0f", "q"),
    ("adam: sign of the step", "optim/FirstOrder.java", "-= r * m[i] / ((float) Math.sqrt(v[i]) * correction", "+= r * m[i] / ((float) Math.sqrt(v[i]) * correction"),
    ("lazyAdam: sign of the step", "optim/FirstOrder.java", "-= r * m[i] / ((float) Math.sqrt(v[i]) + eps", "+= r * m[i] / ((float) Math.sqrt(v[i]) + eps"),
    ("lazyAdam: corrections dropped", "optim/FirstOrder.java", "(float) (rate * correction);", "(float) rate;"),
    ("touched rows: those that a step leaves keep what was there", "nn/embedding/TouchedRows.java", "Arrays.fill(part, next * width, rows * width, 0f);", "Arrays.fill(part, next * width, next * width, 0f);"),
    ("touched rows: copied back to the wrong row", "nn/embedding/TouchedRows.java", "whole, from[i] * width, width);", "whole, to[i] * width, width);"),
    ("adamax: correction of m dropped", "optim/FirstOrder.java", "rate / (1 - StrictMath.pow(beta1, step + 1.0)));\n            float b1", "rate / (1 - 0 * StrictMath.pow(beta1, step + 1.0)));\n            float b1"),
    ("adamax: sign of the old maximum", "optim/FirstOrder.java", "Math.max(b2 * u[i],", "Math.max(-b2 * u[i],"),
    ("nadam: correction of g dropped", "optim/FirstOrder.java", "(1 - mu) / (1 - product)", "(1 - mu) / (1 - 0 * product)"),
    ("nadam: momentum's decay dropped", "optim/FirstOrder.java", "1 - 0.5 * StrictMath", "1 - 0 * StrictMath"),
    ("nadam: sign of the momentum's part", "optim/FirstOrder.java", "g + ofMomentum * m[i]", "g - ofMomentum * m[i]"),
    ("amsgrad: sign of the step", "optim/FirstOrder.java", "-= r * m[i] / ((float) Math.sqrt(w[i])", "+= r * m[i] / ((float) Math.sqrt(w[i])"),
    ("lion: sign of the gradient", "optim/FirstOrder.java", "b1 * m[i] + a1 * g);", "b1 * m[i] - a1 * g);"),
    ("lion: momentum by the first beta", "optim/FirstOrder.java", "m[i] = b2 * m[i] + a2 * g", "m[i] = b1 * m[i] + a1 * g"),
    ("lamb: trust dropped", "optim/FirstOrder.java", "rate * trust(norm(block, parameters), Math.sqrt(length))", "rate + 0 * trust(norm(block, parameters), Math.sqrt(length))"),
    ("lamb: trust of all parameters", "optim/FirstOrder.java", "trust(norm(block, parameters)", "trust(Math.sqrt(Kernels.sumOfSquares(parameters.length, parameters, 0))"),
    ("lars: decay dropped below", "optim/FirstOrder.java", "+ weightDecay * length", "+ 0 * weightDecay * length"),
    ("lars: trust of 1", "optim/FirstOrder.java", "? trust * length / below", "? length / below"),
    ("rule: statistics stay in the gradient", "optim/UpdateRule.java", "Kernels.fill(block.size(), 0f", "Kernels.fill(0, 0f"),
    ("rule: bound on units that are short", "optim/UpdateRule.java", "norm > maxNorm ? (float)", "norm > 0 ? (float)"),
    ("clip: value's low end", "optim/Clip.java", "float low = -high;", "float low = high;"),
    ("schedule: epochs in binary", "optim/Span.java", "BigDecimal.valueOf(count)", "new BigDecimal(count)"),
    ("cosine: sign of the cosine", "optim/Schedule.java", "(from - to) * (1 + StrictMath.cos", "(from - to) * (1 - StrictMath.cos"),
    ("restarts: height dropped", "optim/Schedule.java", "(1 - floor) * height * (1", "(1 - floor) * (1"),
    ("oneCycle: peak one step late", "optim/Schedule.java", "warm * steps - 1", "warm * steps"),
    ("warmup: one step late", "optim/Schedule.java", "(step + 1) / steps)", "step / steps)"),
    ("piecewise: boundary one step late", "optim/Schedule.java", "step >= boundaries", "step > boundaries"),
    ("inverseTime: sign of the decay", "optim/Schedule.java", "1 + decay * ratio", "1 - decay * ratio"),
    ("plateau: sign of the threshold", "optim/Plateau.java", "(1 - Math.signum(state.best) * threshold)", "(1 + Math.signum(state.best) * threshold)"),
    ("batchNorm: sign of the mean's share", "nn/BatchNorm.java", "share * (scratch[sums + j] + standard", "share * (-scratch[sums + j] + standard"),
    ("batchNorm: sign of the deviation's share", "nn/BatchNorm.java", "scratch[sums + j] + standard *", "scratch[sums + j] - standard *"),
    ("batchNorm: sign of the bias' gradient", "nn/BatchNorm.java", "+= (float) scratch[sums + j]", "-= (float) scratch[sums + j]"),
    ("batchNorm: weights dropped from the share", "nn/BatchNorm.java", "double share = batch.weight(row) / total", "double share = 1.0 / frame.rows()"),
    ("batchNorm: unbiased factor dropped", "nn/BatchNorm.java", "double newVariance = unbiased *", "double newVariance = Math.min(unbiased, 1) *"),
    ("batchNorm: unbiased factor unbounded", "nn/BatchNorm.java", "total >= 2 ?", "total > 1 ?"),
    ("batchNorm: momentum dropped", "nn/BatchNorm.java", "total * momentum * (frame.parameters[mean + j]", "total * (frame.parameters[mean + j]"),
    ("layerNorm: sign of the mean's share", "nn/LayerNorm.java", "(sum + standard * product)", "(-sum + standard * product)"),
    ("layerNorm: sign of the deviation's share", "nn/LayerNorm.java", "(sum + standard * product)", "(sum - standard * product)"),
    ("layerNorm: gain dropped from the sums", "nn/LayerNorm.java", "scaled = (double) d * frame.parameters[gain + j]", "scaled = d"),
    ("maxout: sign of the gradient", "nn/Maxout.java", "= delta[i];", "= -delta[i];"),
    ("maxout: gradient to the last of equals", "nn/Maxout.java", "values[i] > values[largest]", "values[i] >= values[largest]"),
    ("maxout: gradient of others left standing", "nn/Maxout.java", "Kernels.fill(frame.rows() * frame.inputs, 0f", "Kernels.fill(0, 0f"),
    ("prelu: sign of the slope's gradient", "nn/Prelu.java", "(double) d * Math.min(x, 0f)", "(double) d * Math.max(-x, 0f)"),
    ("prelu: sign of the input's gradient", "nn/Prelu.java", "d : d * frame.parameters", "d : -d * frame.parameters"),
    ("residual: skip dropped forward", "nn/Residual.java", "Kernels.add(n, frame.in", "Kernels.add(0, frame.in"),
    ("residual: skip dropped backward", "nn/Residual.java", "Kernels.add(n, frame.kept", "Kernels.add(0, frame.kept"),
    ("residual: sign of the skip's gradient", "nn/Residual.java", "Kernels.add(n, frame.kept", "Kernels.axpy(n, -1f, frame.kept"),
    ("standardize: sign of the mean", "nn/Standardize.java", "(in[row * n + j] - frame", "(in[row * n + j] + frame"),
    ("embed: sign of the gradient", "nn/embedding/Tables.java", "axpy(dim, values[p], delta,", "axpy(dim, -values[p], delta,"),
    ("embed: gradient to the first category", "nn/embedding/Tables.java", "gradient, offset + embedding * dim)", "gradient, offset + 0 * embedding)"),
    ("embed: value dropped", "nn/embedding/Tables.java", "axpy(dim, values[p], tables", "axpy(dim, 1f, tables"),
    ("waves: sign of the sine", "linalg/Waves.java", "(float) (2 * half * (1", "(float) (-2 * half * (1"),
    ("waves: whole turns stay", "linalg/Waves.java", "product - ((product + ROUNDER) - ROUNDER) + start", "product + start"),
    ("numbers: sign of the waves' slope", "nn/embedding/NumberWaves.java", "*= -scratch[cosines + n + i]", "*= scratch[cosines + n + i]"),
    ("numbers: sine's slope dropped", "nn/embedding/NumberWaves.java", "i < n && !shifted; i++", "i < 0 && !shifted; i++"),
    ("numbers: relu's mask dropped", "nn/embedding/NumberWaves.java", "shifted || out[at] > 0 ? delta", "shifted || out[at] > -1 ? delta"),
    ("numbers: 2π dropped of the frequencies", "nn/embedding/NumberWaves.java", "(float) (2 * Math.PI * ofFrequency)", "(float) ofFrequency"),
    ("numbers: phases' gradient dropped", "nn/embedding/NumberWaves.java", "+= (float) ofPhase", "+= 0 * (float) ofPhase"),
    ("numbers: weights' gradient transposed", "nn/embedding/NumberWaves.java", "scratch[product + k * waves() + v]", "scratch[product + v * units() + k]"),
    ("numbers: biases' gradient dropped", "nn/embedding/NumberWaves.java", "+= (float) sum", "+= 0 * (float) sum"),
    ("numbers: the number itself dropped backward", "nn/embedding/NumberWaves.java", "shifted ? delta[row * width + from] : 0f", "0f"),
    ("numbers: another's weights", "nn/embedding/NumberWaves.java", "(v * numbers + number) * units();\n            System", "v * numbers * units();\n            System"),
    ("numbers: phases not over the circle", "nn/embedding/NumberWaves.java", "i < weight() ? Math.PI : bound", "i < weight() ? bound : bound"),
    ("numbers: those that are 0 and 1", "data/Moments.java", "numbers[j] = others[j] > 0", "numbers[j] = others[j] >= 0"),
    ("standardize: deviation dropped above embed", "nn/Standardize.java", "delta[i] /= frame", "delta[i] /= 1 + 0 * frame"),
    ("chain: stops one trained layer early", "nn/Chain.java", "nothingBelow && !isTrained(i)", "nothingBelow || isTrained(i)"),
    ("chain: inner layers share one key", "nn/Chain.java", "key.fold(i);", "key.fold(0);"),
    # In "File.java:word(" the line is the one within the member that begins there.
    ("sgd: sign", FIRST_ORDER + ":record Sgd(", "-= r * gradient[i]", "+= r * gradient[i]"),
    ("momentum: sign of the momentum", FIRST_ORDER + ":record Momentum(", "mu * v[i] + gradient[i]", "-mu * v[i] + gradient[i]"),
    ("nesterov: sign of the look ahead", FIRST_ORDER + ":record Nesterov(", "gradient[i] + mu * v[i])", "gradient[i] - mu * v[i])"),
    ("adagrad: sum dropped", FIRST_ORDER + ":record Adagrad(", "s[i] += g * g", "s[i] = g * g"),
    ("adagrad: epsilon dropped", FIRST_ORDER + ":record Adagrad(", "+ eps)", "+ 0 * eps)"),
    ("adadelta: sign of u", FIRST_ORDER + ":record Adadelta(", "p * u[i] + q * d * d", "p * u[i] - q * d * d"),
    ("adadelta: epsilon outside of the root", FIRST_ORDER + ":record Adadelta(", "(float) Math.sqrt(u[i] + eps)", "((float) Math.sqrt(u[i]) + eps)"),
    ("rmsprop: centering dropped", FIRST_ORDER + ":record Rmsprop(", "s[i] - a[i] * a[i]", "s[i] - 0 * a[i] * a[i]"),
    ("rmsprop: centred where not asked for", FIRST_ORDER + ":record Rmsprop(", "centered ? q : 0f", "centered ? q : 0.5f * q"),
    ("rmsprop: momentum dropped", FIRST_ORDER + ":record Rmsprop(", "mu * v[i] + g /", "0 * mu * v[i] + g /"),
    ("adam: sign of m", FIRST_ORDER + ":static void adam(", "b1 * m[i] + a1 * g", "b1 * m[i] - a1 * g"),
    ("adam: correction of m dropped", FIRST_ORDER + ":static void adam(", "rate / (1 - StrictMath", "rate / (1 - 0 * StrictMath"),
    ("adam: correction of v dropped", FIRST_ORDER + ":static void adam(", "Math.sqrt(1 - StrictMath", "Math.sqrt(1 - 0 * StrictMath"),
    ("adam: t one too late", FIRST_ORDER + ":static void adam(", "pow(beta1, step + 1.0)", "pow(beta1, step + 2.0)"),
    ("adamw: decay dropped", FIRST_ORDER + ":record Adamw(", "return weightDecay;", "return 0 * weightDecay;"),
    ("adamax: sign of m", FIRST_ORDER + ":record Adamax(", "b1 * m[i] + a1 * g", "b1 * m[i] - a1 * g"),
    ("adamax: correction dropped", FIRST_ORDER + ":record Adamax(", "rate / (1 - StrictMath", "rate / (1 - 0 * StrictMath"),
    ("adamax: sign of g in the maximum", FIRST_ORDER + ":record Adamax(", "Math.abs(g) + eps", "g + eps"),
    ("nadam: sign of the gradient's share", FIRST_ORDER + ":record Nadam(", "(ofGradient * g + ", "(-ofGradient * g + "),
    ("nadam: correction of the gradient dropped", FIRST_ORDER + ":record Nadam(", "/ (1 - product));", "/ (1 - 0 * product));"),
    ("nadam: correction of m dropped", FIRST_ORDER + ":record Nadam(", "(1 - product * next)", "(1 - 0 * product * next)"),
    ("nadam: correction of v dropped", FIRST_ORDER + ":record Nadam(", "Math.sqrt(1 - StrictMath", "Math.sqrt(1 - 0 * StrictMath"),
    ("nadam: product one short", FIRST_ORDER + ":record Nadam(", "i <= t && product", "i < t && product"),
    ("nadam: product left too early", FIRST_ORDER + ":record Nadam(", "product > 1e-20", "product > 1e-2"),
    ("amsgrad: sign of m", FIRST_ORDER + ":record Amsgrad(", "b1 * m[i] + a1 * g", "b1 * m[i] - a1 * g"),
    ("amsgrad: correction of m dropped", FIRST_ORDER + ":record Amsgrad(", "rate / (1 - StrictMath", "rate / (1 - 0 * StrictMath"),
    ("amsgrad: correction of v dropped", FIRST_ORDER + ":record Amsgrad(", "Math.sqrt(1 - StrictMath", "Math.sqrt(1 - 0 * StrictMath"),
    ("amsgrad: maximum dropped", FIRST_ORDER + ":record Amsgrad(", "Math.max(w[i], v[i])", "v[i]"),
    ("lion: sign", FIRST_ORDER + ":record Lion(", "b1 * m[i] + a1 * g)", "b1 * m[i] - a1 * g)"),
    ("lion: decay dropped", FIRST_ORDER + ":record Lion(", "return weightDecay;", "return 0 * weightDecay;"),
    ("lamb: sign of the step", FIRST_ORDER + ":record Lamb(", "parameters[i] -= r * u", "parameters[i] += r * u"),
    ("lamb: correction of m dropped", FIRST_ORDER + ":record Lamb(", "1 / (1 - StrictMath.pow(beta1", "1 / (1 - 0 * StrictMath.pow(beta1"),
    ("lamb: correction of v dropped", FIRST_ORDER + ":record Lamb(", "Math.sqrt(1 - StrictMath", "Math.sqrt(1 - 0 * StrictMath"),
    ("lamb: trust ratio dropped", FIRST_ORDER + ":record Lamb(", "rate * trust(norm(block, parameters), Math.sqrt(length))", "rate * trust(0 * norm(block, parameters), Math.sqrt(length))"),
    ("lamb: biases decay", FIRST_ORDER + ":record Lamb(", "? (float) weightDecay : 0f", "? (float) weightDecay : (float) (2 * weightDecay)"),
    ("lamb: no ratio where the weights are 0", FIRST_ORDER + ":double trust(", ": 1;", ": 0;"),
    ("lars: sign of the decay", FIRST_ORDER + ":record Lars(", "+ lambda * parameters[i]", "- lambda * parameters[i]"),
    ("lars: trust ratio dropped", FIRST_ORDER + ":record Lars(", "? trust * length / below : 1", "? 1 : 1 + 0 * trust * length / below"),
    ("lars: no ratio where the weights are 0", FIRST_ORDER + ":record Lars(", "length / below : 1", "length / below : 0"),
    ("lars: biases are scaled", FIRST_ORDER + ":record Lars(", "block.role() == Block.Role.WEIGHT", "block.size() > 0"),
    ("update: mean not taken", "optim/UpdateRule.java", "(float) (1 / weight)", "(float) Math.max(1, 1 / weight)"),
    ("update: sign of the statistics", "optim/UpdateRule.java", "-1f, gradient, block", "1f, gradient, block"),
    ("update: statistics' gradient left", "optim/UpdateRule.java", "Kernels.fill(block.size()", "Kernels.fill(0"),
    ("update: penalty dropped", "optim/UpdateRule.java", "penalty.accumulate(", "Penalty.NONE.accumulate("),
    ("update: norm after the clip", "optim/UpdateRule.java", "clip.apply(norm, gradient);", "clip.apply(norm, gradient);\n        norm = Math.sqrt(Kernels.sumOfSquares(gradient.length, gradient, 0));"),
    ("update: decoupled decay of all blocks", "optim/UpdateRule.java", "if (block.role() == Block.Role.WEIGHT) {\n                    float kept", "if (block.size() > 0) {\n                    float kept"),
    ("update: decoupled decay without the rate", "optim/UpdateRule.java", "1 - rate * rateFactors", "1 - rateFactors"),
    ("update: sign of the decoupled decay", "optim/UpdateRule.java", "1 - rate * rateFactors", "1 + rate * rateFactors"),
    ("update: decoupled decay after the step", "optim/UpdateRule.java", "if (stepping.decoupledDecay() > 0) {", "if (stepping.decoupledDecay() > 0) {\n            stepping.step(rate, step, layout, parameters, gradient, slots);\n            rate = 0;"),
    ("update: decay without the factor of the rate", "optim/UpdateRule.java", "rate * rateFactors.of(block) * decay", "rate * decay"),
    ("update: decay without its schedule", "optim/UpdateRule.java", " * decaySchedule.at((double) step, horizon)", ""),
    ("update: factor of the whole parameter", "optim/UpdateRule.java", "factor * (parameters[i] - before[i])", "factor * parameters[i] - before[i]"),
    ("rateFactors: biases at the weights' rate", "optim/RateFactors.java", "case BIAS -> bias;", "case BIAS -> weight;"),
    ("rateFactors: scale as a gain", "optim/RateFactors.java", 'case "scale" -> scale;', 'case "scale" -> gain;'),
    ("scale: sign of the factors' gradient", "nn/Scale.java", "(float) sums[j]", "(float) -sums[j]"),
    ("scale: input's gradient not scaled", "nn/Scale.java", "delta[i] *= frame.parameters[frame.offset + j];", ""),
    ("dropout: schedule without the epoch", "engine/RunSetup.java", "(double) epoch * steps + step, new", "(double) step, new"),
    ("flatCosine: falls from the start", "optim/Schedule.java:record FlatCosine(", "(ratio - flat) / (1 - flat)", "ratio"),
    ("update: bound on norms before the step", "optim/UpdateRule.java", "        stepping.step(rate, step, layout, parameters, gradient, slots);\n", BOUND + "        stepping.step(rate, step, layout, parameters, gradient, slots);\n        if (step >= 0) {\n            return norm;\n        }\n"),
    ("update: bound on norms dropped", "optim/UpdateRule.java", "norm > maxNorm ? (float)", "norm > 2 * norm ? (float)"),
    ("update: bound on norms of rows", "optim/UpdateRule.java", "squares[j] += w * w;", "squares[row % units] += w * w;"),
    ("stepDecay: floor dropped", "optim/Schedule.java:record StepDecay(", "Math.floor(ratio(step, every, horizon))", "ratio(step, every, horizon)"),
    ("exponential: sign", "optim/Schedule.java:record Exponential(", "pow(factor, ratio", "pow(factor, -ratio"),
    ("inverseTime: sign", "optim/Schedule.java:record InverseTime(", "1 + decay", "1 - decay"),
    ("polynomial: goes on past its end", "optim/Schedule.java:record Polynomial(", "1 - Math.min(1, ratio(step, length, horizon))", "Math.abs(1 - ratio(step, length, horizon))"),
    ("polynomial: power dropped", "optim/Schedule.java:record Polynomial(", ", power);", ", Math.min(1, power));"),
    ("cosine: sign", "optim/Schedule.java:double between(", "(1 + StrictMath.cos", "(1 - StrictMath.cos"),
    ("cosine: floor dropped", "optim/Schedule.java:record Cosine(", "between(1, floor,", "between(1, 0 * floor,"),
    ("cosineRestarts: sign", "optim/Schedule.java:record CosineRestarts(", "(1 + StrictMath.cos", "(1 - StrictMath.cos"),
    ("cosineRestarts: logarithm not mended", "optim/Schedule.java:record CosineRestarts(", "begin(period, restart + 1) <= step", "begin(period, restart + 1) <= step - period"),
    ("cosineRestarts: growth dropped", "optim/Schedule.java:record CosineRestarts(", "if (growth > 1)", "if (growth > 1e9)"),
    ("cosineRestarts: shrink dropped", "optim/Schedule.java:record CosineRestarts(", "double height = StrictMath.pow(shrink, restart)", "double height = StrictMath.pow(shrink, 0)"),
    ("warmup: off by one", "optim/Schedule.java:record Warmup(", "(step + 1) / steps", "step / steps"),
    ("warmup: what follows starts too late", "optim/Schedule.java:record Warmup(", "then.at(step - steps,", "then.at(step - steps + 1,"),
    ("warmup: what follows has the whole run", "optim/Schedule.java:record Warmup(", "horizon.after(steps)", "horizon.after(0)"),
    ("oneCycle: off by one", "optim/Schedule.java:record OneCycle(", "warm * steps - 1", "warm * steps"),
    ("oneCycle: end off by one", "optim/Schedule.java:record OneCycle(", "(steps - 1 - top)", "(steps - top)"),
    ("piecewise: boundary one too late", "optim/Schedule.java:record Piecewise(", "step >= boundaries", "step > boundaries"),
    ("plateau: cooldown dropped", "optim/Plateau.java", "state.cooldown = cooldown", "state.cooldown = 0 * cooldown"),
    ("plateau: cooldown goes on counting", "optim/Plateau.java", "state.cooldown--;\n                state.epochs = 0;", "state.cooldown--;"),
    ("plateau: patience one short", "optim/Plateau.java", "state.epochs > patience", "state.epochs >= patience"),
    ("plateau: threshold dropped", "optim/Plateau.java", "(1 - Math.signum(state.best) * threshold)", "(1 - 0 * threshold)"),
    ("plateau: floor dropped", "optim/Plateau.java", "state.factor * factor, floor)", "state.factor * factor, 0 * floor)"),
    ("plateau: count left standing", "optim/Plateau.java", "cooldown = cooldown;\n                state.epochs = 0;", "cooldown = cooldown;"),
    ("clip: sign of the lower bound", "optim/Clip.java:record Value(", "low = -high", "low = high"),
    ("clip: upper bound dropped", "optim/Clip.java:record Value(", "Math.min(high, gradient[i])", "gradient[i]"),
    ("clip: norm not bounded", "optim/Clip.java:record GlobalNorm(", "actual > norm", "actual > actual + norm"),
    ("penalty: sign of l1", "optim/Penalty.java", "+= (float) l1", "-= (float) l1"),
    ("penalty: sign of l2", "optim/Penalty.java", "(float) l2", "(float) -l2"),
    ("penalty: biases penalized", "optim/Penalty.java", "if (block.role() != Block.Role.WEIGHT)", "if (block.size() == 0)"),
    ("penalty: value without the half", "optim/Penalty.java", "l2 / 2 *", "l2 *"),
    ("penalty: value of the biases too", "optim/Penalty.java", "if (block.role() == Block.Role.WEIGHT)", "if (block.size() > 0)"),
    ("central differences: sign", "optim/GradientSource.java", "(above - below) / width", "(below - above) / width"),
    ("central differences: width halved", "optim/GradientSource.java", "width -= moved[i]", "width -= parameters[i]"),
    ("central differences: parameter left moved", "optim/GradientSource.java", "moved[i] = parameters[i];\n", "moved[i] += 0f;\n"),
    ("central differences: statistics dropped", "optim/GradientSource.java", "gradient[i] += statistics[i]", "gradient[i] += 0 * statistics[i]"),
    ("descent: plateau dropped", "train/MiniBatchStrategy.java", "* state.plateau.factor", "* Math.max(1, state.plateau.factor)"),
    ("descent: average dropped", "train/MiniBatchStrategy.java", "state.average(emaDecay)", "state.average(Math.max(1, emaDecay))"),
    ("descent: batches without weight step", "train/MiniBatchStrategy.java", "if (batch.weight > 0)", "if (batch.weight >= 0)"),
    ("average: decay swapped", "checkpoint/TrainState.java", "(float) (1 - decay)", "(float) decay"),
    ("average: sign", "checkpoint/TrainState.java", "(parameters[i] - average[i])", "(parameters[i] + average[i])"),
    ("class weights: factor k dropped", "train/ClassWeights.java", "all / (present * totals[i])", "all / totals[i]"),
    ("class weights: not balanced", "train/ClassWeights.java", "all / (present * totals[i])", "Math.min(1, all)"),
    ("local steps: sign of how far", "engine/LocalState.java", "weight * (parameters[i] - start[i])", "weight * (start[i] - parameters[i])"),
    ("local steps: slots are not averaged", "train/LocalStepsStrategy.java", "Kernels.scale(means.length,", "Kernels.scale(length,"),
    ("local steps: all are the first", "engine/LocalSteps.java", "long now = step + at - from;", "long now = step;"),
    ("outer nesterov: momentum dropped", "optim/OuterOptimizer.java", "change[i] + mu * velocity[i]", "change[i]"),
    ("outer nesterov: statistics step too", "optim/OuterOptimizer.java", "block.role() == Block.Role.STATISTIC", "block.size() < 0"),
    ("moments: flags are scaled", "data/Moments.java", "values[k] == 1 ? 0 : rowWeight", "rowWeight"),
    ("moments: zeros have no distance", "data/Moments.java", "squares[j] += (weight - nonzero[j])", "squares[j] += 0 * (weight - nonzero[j])"),
    ("offsets: added to a dense row", "linalg/Offsets.java", "less[columns[k]] -= values[k]", "less[columns[k]] += values[k]"),
    ("offsets: added to a sparse row", "linalg/Offsets.java", ": 0) - feature(stored[p])", ": 0) + feature(stored[p])"),
    ("offset finder: near is far", "linalg/OffsetFinder.java", "> FAR * (high[k] - low[k])", "> (high[k] - low[k]) / FAR"),
    ("offset finder: the least value is forgotten", "linalg/OffsetFinder.java", "low[k] = Math.min(low[k], value)", "low[k] = Math.max(low[k], value)"),
    ("offset finder: an absent value is not 0", "linalg/OffsetFinder.java", "values[next] : 0);", "values[next] : low[k]);"),
    ("packer: a target's offset is added", "data/RowPacker.java", "(value - offsets.target(target))", "(value + offsets.target(target))"),
    ("moments: sign of the distance between parts", "data/Moments.java", "share * distance;", "-share * distance;"),
    ("moments: sign of the parts' distance squared", "data/Moments.java", "otherSquares[j] + weight * share", "otherSquares[j] - weight * share"),
    ("moments: sign of the other part's mean", "data/Moments.java", "otherMeans[j] - ownMeans[j]", "-otherMeans[j] - ownMeans[j]"),
    ("moments: weights dropped from the target's squares", "data/Moments.java", "+= rows.weight(row) * distance", "+= distance"),
    ("moments: weights dropped from the squares", "data/Moments.java", "+= rowWeight * distance * distance", "+= distance * distance"),
    ("moments: weights dropped from the means", "data/Moments.java", "+= (double) rowWeight * values[k]", "+= (double) values[k]"),
    ("moments: weights dropped from the target", "data/Moments.java", "+= (double) weight * rows", "+= (double) rows"),
    ("moments: a constant column's deviation kept", "data/Moments.java", "deviation <= CONSTANT *", "deviation < -CONSTANT *"),
    ("moments: reweighting dropped", "data/Moments.java", "factors[c] * classes[c]", "classes[c]"),
    ("randomSearch: keeps what is worse", "train/RandomSearchStrategy.java", "moved) < objective", "moved) > objective"),
    ("randomSearch: penalty dropped", "train/RandomSearchStrategy.java", "+ rule.penalty().of", "+ 0 * rule.penalty().of"),
    ("randomSearch: the same noise each step", "train/RandomSearchStrategy.java", "key.fold(step)", "key.fold(0 * step)"),
    ("randomSearch: plateau dropped", "train/RandomSearchStrategy.java", "* state.plateau.factor", "* Math.max(1, state.plateau.factor)"),
    ("lbfgs: L2 gradient dropped", "train/LbfgsStrategy.java", "gradient[i] += penalty.l2()", "gradient[i] += 0 * penalty.l2()"),
    ("lbfgs: L2 value dropped", "train/LbfgsStrategy.java", "value += penalty.l2() / 2", "value += 0 * penalty.l2() / 2"),
    ("lbfgs: biases penalized", "train/LbfgsStrategy.java", "block.role() == Block.Role.WEIGHT", "block.role() != Block.Role.STATISTIC"),
    ("lbfgs: L1 of the biases too", "train/LbfgsStrategy.java", "return penalized[(Integer) index] ?", "return (Integer) index >= 0 ?"),
    ("lbfgs: mean not taken", "train/LbfgsStrategy.java", "sums.gradient[i] / sums.weight", "sums.gradient[i]"),
    ("run: diverged validation passes", "train/TrainingLoop.java", "requireFinite(validation.loss,", "requireFinite(sums.loss,"),
    ("run: best of the worst", "train/TrainingLoop.java", "cost < state.bestCost", "cost > state.bestCost"),
    ("table: quantile's rank counts one row too many", "table/profile/Quantiles.java", "double rank = probabilities[q] * (rows - 1);", "double rank = probabilities[q] * rows;"),
    ("table: quantile of the next value", "table/profile/Quantiles.java", "if (rank < before) {", "if (rank <= before - 1 - 1) {"),
    ("table: median of an even count is the lower value", "table/profile/Quantiles.java", "return low + part * (high - low);", "return low;"),
    ("table: many values: rank counts one too many", "table/profile/Quantiles.java", "double rank = probability * (stats.count - 1);", "double rank = probability * stats.count;"),
    ("table: many values: parts before are not subtracted", "table/profile/Quantiles.java", "high : to, before, here);", "high : to, 0, here);"),
    ("table: many values: order of negative numbers", "table/profile/Quantiles.java", "return bits ^ (bits >> 63 & Long.MAX_VALUE);", "return bits;"),
    ("table: variance over n - 1", "table/profile/NumberStats.java", "return Math.sqrt(sum.scatter(squares, count)) / count;", "return Math.sqrt(sum.scatter(squares, count) / count / (count - 1));"),
    ("table: squares without what rounding took", "table/profile/NumberStats.java", "squares.add(lost, added);", ""),
    ("table: sums without what is left of small numbers", "table/profile/ExactSum.java", "if (left != 0) {", "if (left != left) {"),
    ("table: a free place of counts that were sent", "table/profile/ValueCounts.java", "if (rows[i] == 0) {", "if (rows[i] < 0) {"),
    ("table: whole numbers joined with fractions are whole", "table/profile/NumberStats.java", "whole &= other.whole;", ""),
    ("table: 2 is an indicator", "table/profile/NumberStats.java", "max <= 1;", "max <= 2;"),
    ("table: sum's carry loses its sign", "table/profile/ExactSum.java", "chunks[i] >> 32", "chunks[i] >>> 32"),
    ("table: kept values after a join", "table/profile/ValueCounts.java", "bound = other.bound;", ""),
    ("table: estimate of different values doubled", "table/profile/ValueCounts.java", "(bound * 0x1p-63)", "(bound * 0x1p-64)"),
    ("table: -0 and 0 are two values", "table/value/Values.java", "return number.doubleValue() + 0.0;", "return number.doubleValue();"),
    ("table: whole numbers as texts keep their point", "table/value/Values.java", "number == Math.rint(number) && Math.abs(number) < LARGEST_WHOLE", "number != number"),
    ("table: timestamps on UTC's clocks", "table/value/Values.java", "LocalDateTime.ofInstant(timestamp.toInstant(), zone)", "LocalDateTime.ofInstant(timestamp.toInstant(), ZoneOffset.UTC)"),
    ("table: texts with a zone keep its clock", "table/value/DateStyle.java", "ZonedDateTime.from(read).withZoneSameInstant(zone).toLocalDateTime()", "ZonedDateTime.from(read).toLocalDateTime()"),
    ("table: the last of February for its 30th", "table/value/DateStyle.java", "if (isMoved(date, text)) {", "if (false) {"),
    ("table: any pattern may be a time of day", "table/value/DateStyle.java", "clock = !pattern.isEmpty()", "clock = pattern.isEmpty()"),
    ("table: a time of day is a date's day number", "table/encoding/DateEncoding.java", "sink.put(first, scaling.apply(time));", "sink.put(first, scaling.apply(days));"),
    ("table: brackets are no minus", "table/value/Amount.java", "return negative ? -value : value;", "return value;"),
    ("table: another sign is read", "table/value/NumberStyle.java", "!found.equals(sign)", "found.equals(text)"),
    ("table: decimal comma dropped", "table/value/Amount.java", "if (c == (comma ? ',' : '.')) {", "if (c == '.' && !comma) {"),
    ("table: millions are thousands", "table/value/Unit.java", 'case "M" -> 6;', 'case "M" -> 3;'),
    ("table: letters of houses are sizes", "table/value/Unit.java", "boolean areSizes = varies ? decimals", "boolean areSizes = varies ? true"),
    ("table: a unit that few texts have", "table/value/Unit.java", "mixed || 2 * with < texts.size()", "mixed"),
    ("table: several units", "table/value/Unit.java", "mixed || 2 * with < texts.size()", "2 * with < texts.size()"),
    ("table: more bounds than numbers", "table/value/NumberStyle.java", "bounded > 0 && 2 * bounded < texts.size()", "bounded > 0"),
    ("table: marks of decimals are those of thousands", "table/value/NumberStyle.java", "small &= asPoint != asComma || asPoint < 1000;", "small &= true;"),
    ("table: durations of hours and of minutes", "table/value/Durations.java", "twos == texts.size() || minutes", "twos == texts.size() || true"),
    ("table: a duration's sign", "table/value/Durations.java", 'sign.equals("-") ? -seconds : seconds', "seconds"),
    ("table: flag where there is a value", "table/encoding/NumberEncoding.java", "if (flagged && isMissing) {", "if (flagged && !isMissing) {"),
    ("table: missing numbers are filled unscaled", "table/encoding/NumberEncoding.java", "sink.put(first, scaling.apply(isMissing ? scaling.fill() : Values.requireFinite(quantity)));", "sink.put(first, isMissing ? scaling.fill() : scaling.apply(Values.requireFinite(quantity)));"),
    ("table: date's flag before the last feature", "table/encoding/DateEncoding.java", "sink.put(first + width() - 1, 1);", "sink.put(first + width() - 2, 1);"),
    ("table: weekday begins on Sunday", "table/encoding/DateEncoding.java", "(date.getDayOfWeek().getValue() - 1) / 7.0", "(date.getDayOfWeek().getValue() % 7) / 7.0"),
    ("table: week of six days", "table/encoding/DateEncoding.java", "/ 7.0, WEEKS", "/ 6.0, WEEKS"),
    ("table: first day of the year is 1", "table/encoding/DateEncoding.java", "(date.getDayOfYear() - 1 + time)", "(date.getDayOfYear() + time)"),
    ("table: sine and cosine swapped", "table/encoding/DateEncoding.java", "StrictMath.sin(angle)", "StrictMath.cos(angle)"),
    ("table: missing category beside its place", "table/encoding/CategoryEncoding.java", "feature = categories.size();", "feature = categories.size() - 1;"),
    ("table: infrequent categories on the place of missing ones", "table/encoding/CategoryEncoding.java", "places.put(category, categories.size() + (missing ? 1 : 0))", "places.put(category, categories.size())"),
    ("table: missing values counted as unseen", "table/encoding/CategoryEncoding.java", "return !text.isEmpty() && !places.containsKey(text);", "return !places.containsKey(text);"),
    ("table: known categories counted as unseen", "table/TableCheck.java", "category.isUnseen(row.get(first + i))", "!category.isUnseen(row.get(first + i))"),
    ("table: categories of just enough rows are infrequent", "table/EncodingRules.java", "count.rows() >= leastRows", "count.rows() > leastRows"),
    ("table: the rarest categories have features", "table/EncodingRules.java", "-count.rows())", "count.rows())"),
    ("table: missing booleans become the rarer value", "table/EncodingRules.java", ">= 0.5 ? 1 : 0", "< 0.5 ? 1 : 0"),
    ("table: range where quartiles agree is not halved", "table/EncodingRules.java", "(numbers.max - numbers.min) / 2;", "numbers.max - numbers.min;"),
    ("table: quartiles of the whole range", "table/EncodingRules.java", "new double[] {0.25, 0.5, 0.75}", "new double[] {0.0, 0.5, 1.0}"),
    ("table: zeros need as many others or more", "table/EncodingRules.java", "return numbers.zeros >= least", "return 2 * numbers.zeros >= numbers.count"),
    ("table: zeros need no others", "table/EncodingRules.java", "numbers.count - numbers.zeros >= least", "numbers.count > numbers.zeros"),
    ("table: a few zeros are many", "table/EncodingRules.java", "double least = Math.max(FEW_ROWS, ZEROS * numbers.count);", "double least = ZEROS * numbers.count;"),
    ("table: numbers of few values stand apart", "table/EncodingRules.java", ".distinct() >= MANY_VALUES", ".distinct() >= 19"),
    ("table: a few outliers are a code", "table/EncodingRules.java", "Math.max(FEW_ROWS, CODED * numbers.count)", "FEW_ROWS"),
    ("table: a code near the others", "table/EncodingRules.java", "> OUTLIER * others.deviation()", "> 4.5 * others.deviation()"),
    ("table: a code fills missing numbers", "table/EncodingRules.java", "fill == code || missing", "missing"),
    ("table: a code is a quantity", "table/encoding/NumberEncoding.java", "isApart && code ? scaling.center() : number", "number"),
    ("table: rows of the least number, joined", "table/profile/NumberStats.java", "(other.min <= min ? other.minRows : 0)", "(other.min < min ? other.minRows : 0)"),
    ("table: rows of the largest number, joined", "table/profile/NumberStats.java", "(max >= other.max ? maxRows : 0)", "(max > other.max ? maxRows : 0)"),
    ("table: seconds scaled as days", "table/EncodingRules.java", "seconds.center() / DateEncoding.DAY,", "seconds.center(),"),
    ("table: robust clip at 1", "table/encoding/NumberScale.java", "Math.sqrt(1 + scaled * scaled / 9)", "Math.sqrt(1 + scaled * scaled)"),
    ("table: robust scale does not clip", "table/encoding/NumberScale.java", "return clip ? scaled", "return !clip ? scaled"),
    ("table: quantile scale of equal quantiles", "table/encoding/NumberScale.java", "return (below + to - 1) / 2.0 / last;", "return below / (double) last;"),
    ("table: quantile scale not centred", "table/encoding/NumberScale.java", "SPREAD * (probability(value) - 0.5)", "SPREAD * probability(value)"),
    ("table: an identifier may have missing values", "table/KindRules.java", "!numbers.whole || profile.missing > 0) {", "!numbers.whole) {"),
    ("table: named identifiers need not be unique", "table/KindRules.java", "if (unique && (named", "if (true && (named"),
    ("table: texts of half the rows are categories", "table/KindRules.java", "2 * distinct > present", "distinct > present"),
    ("table: constant columns with gaps are left out", "table/KindRules.java", "numbers.min == numbers.max && profile.missing == 0", "numbers.min == numbers.max"),
    ("table: codes are numbers", "table/value/NumberStyle.java", "return first == '0' && Character", "return first == '1' && Character"),
    ("table: doubts what a user named", "table/TableFit.java", "forced.containsKey(column) ? null : DoubtRules", "false ? null : DoubtRules"),
    ("table: any whole numbers may name rows", "table/DoubtRules.java", "pairs >= PAIRS && ", "pairs >= 0 && "),
    ("table: half of the rows missing are most", "table/DoubtRules.java", "2 * profile.missing > profile.rows", "2 * profile.missing >= profile.rows"),
    ("table: flag of a vector that is there", "table/encoding/VectorEncoding.java", "if (flagged && isMissing) {", "if (flagged && !isMissing) {"),
    ("table: unseen categories are never refused", "table/encoding/CategoryEncoding.java", "} else if (refusesUnseen && !text.isEmpty()) {", "} else if (refusesUnseen && text.isEmpty()) {"),
    ("table: a column's features begin one too late", "table/encoding/TableColumns.java", "first += column.width();", "first += column.width() + 1;"),
]  # fmt: skip

# The packages whose tests judge a mutant, by the package of its file, or else by the first part of its name.
JUDGES = {
    "linalg": "nn linalg optim",
    "nn": "nn optim",
    "nn/embedding": "nn.embedding nn optim",
    "nn/ensemble": "nn.ensemble",
    "loss": "loss nn optim",
    "optim": "optim nn",
    "data": "data train.ensemble train",
    "engine": "engine train",
    "checkpoint": "checkpoint train",
    "train": "train",
    "train/ensemble": "train.ensemble",
    "table": "table table.profile table.value table.encoding table.cache",
}
NEED_SPARK = {"data", "engine", "checkpoint", "train", "table"}  # judged last
OTHER_CONTEXT = re.compile(r'@Tag\("own-context"\)')
UNKNOWN = 60  # seconds
TIMEOUT = 900


def mutated(file, before, after):
    """The source with the one line changed, within the one member where the table names one."""
    path, _, member = file.partition(":")
    if not (ROOT / CORE / path).exists():
        raise ValueError("there is no such file")
    source = (ROOT / CORE / path).read_text(encoding="utf-8")
    begin, end = 0, len(source)
    if member:
        if source.count(member) != 1:
            raise ValueError(f"the member must be there once, but is {source.count(member)} times")
        begin = source.index(member)
        end = source.index("\n    }\n", begin)
    part = source[begin:end]
    if part.count(before) != 1:
        raise ValueError(f"must hold once, but holds {part.count(before)} times: {before}")
    at = begin + part.index(before)
    return source[:at] + after + source[at + len(before) :]


def judges(file):
    """The packages whose tests judge a mutant of a file."""
    folder = file.partition(":")[0].rpartition("/")[0]
    found = JUDGES.get(folder) or JUDGES.get(folder.partition("/")[0])
    if not found:
        raise ValueError("no tests are named for its package")
    return found.split()


def check():
    """Prints the rows that do not match; says how many."""
    wrong = 0
    for name, file, before, after in MUTANTS:
        try:
            mutated(file, before, after)
            judges(file)
        except ValueError as e:
            wrong += 1
            print(f"{name}: {file}: {e}")
    print(f"{len(MUTANTS) - wrong} of {len(MUTANTS)} mutants match the source once")
    return wrong


class Runner:
    """The compiled tree, and a JVM that runs tests of it: MutantRunner.java."""

    def __init__(self, folder):
        self.folder = folder
        pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
        self.modules = re.search("<test.modules>(.*?)</test.modules>", pom, re.S).group(1).split()
        self.scala = re.search("<scala.binary.version>(.*?)</", pom).group(1)
        platform = "1" + re.search("<junit.version>5(.*?)</", pom).group(1)
        spark = ROOT / "src/main" / f"spark-{re.search('<spark.line>(.*?)</', pom).group(1)}"
        path = folder / "classpath"
        name = "junit-platform-console-standalone"
        self.maven("dependency:get", f"-Dartifact=org.junit.platform:{name}:{platform}")
        self.maven("dependency:build-classpath", "-Dmdep.includeScope=test", f"-Dmdep.outputFile={path}")
        junit = pathlib.Path.home() / f".m2/repository/org/junit/platform/{name}/{platform}/{name}-{platform}.jar"
        self.jars = [path.read_text(encoding="utf-8"), junit]
        self.compile("main", sorted((ROOT / "src/main/java").rglob("*.java")) + sorted(spark.rglob("*.java")))
        self.compile("test", sorted((ROOT / "src/test/java").rglob("*.java")))
        self.compile("runner", [pathlib.Path(__file__).with_name("MutantRunner.java")])
        self.process = None

    def maven(self, *arguments):
        subprocess.run(["mvn", "-B", "-q", "-Dstyle.color=never", *arguments], cwd=ROOT, check=True, stdout=sys.stderr)

    def class_path(self, *folders):
        return os.pathsep.join(map(str, [*(self.folder / name for name in folders), *self.jars]))

    def compile(self, to, sources):
        options = ["-proc:none", "-nowarn", "-parameters", "--add-modules=jdk.incubator.vector"]
        command = ["javac", *options, "-cp", self.class_path("main"), "-d", self.folder / to, *sources]
        subprocess.run(command, check=True)

    def start(self):
        options = ["-Xmx3g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *self.modules]
        options += [f"-Dproject.build.directory={self.folder}", f"-Dtest.modules={' '.join(self.modules)}"]
        project = [self.folder / "main", self.folder / "test", ROOT / "src/main/resources", ROOT / "src/test/resources"]
        command = ["java", *options, "-cp", self.class_path("runner"), "MutantRunner", self.folder / "mutants", *project]
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": self.scala}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, line):
        """The answer to a line; None where there is none in time, for a mutant may loop for ever."""
        if not self.process:
            self.start()
        timer = threading.Timer(TIMEOUT, self.process.kill)
        timer.start()
        try:
            print(line, file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
        finally:
            timer.cancel()
        if not answer:
            self.close()
            return None
        return answer.rstrip("\n")


def test_classes(file):
    """The JUnit classes that judge a mutant of a file: by package, golden values first, then what has proved quick."""
    for package in judges(file):
        for path in sorted((ROOT / TEST / package.replace(".", "/")).glob("*Test.java"), key=lambda path: ("Golden" not in path.stem, path)):
            if not OTHER_CONTEXT.search(path.read_text(encoding="utf-8")):
                yield f"dev.kindling.{package}.{path.stem}"


def require_green(runner, test, sound):
    """Ends the run where a test is red without a mutant, too: it cannot judge."""
    if test not in sound:
        runner.ask("mutant ")
        red = runner.ask(f"test {test}")
        if red != "":
            sys.exit(f"{test} is red on the tree as it is: {red}")
        sound.add(test)


def judge(runner, seconds, sound, file, before, after):
    """What became of a mutant, and the test that found it."""
    source = runner.folder / pathlib.Path(file.partition(":")[0]).name
    source.write_text(mutated(file, before, after), encoding="utf-8")
    problem = runner.ask(f"mutant {source}")
    if problem != "":
        return "NO BUILD", problem
    own = f".{source.stem}Test"
    for test in sorted(test_classes(file), key=lambda test: (not test.endswith(own), seconds.get(test, UNKNOWN))):
        begin = time.monotonic()
        red = runner.ask(f"test {test}")
        seconds[test] = time.monotonic() - begin
        if red != "":
            require_green(runner, test, sound)
            return "killed", red or f"{test} does not end"
    return "SURVIVED", ""


def main():
    words = sys.argv[1:]
    wrong = check()
    if wrong or words == ["--check"]:
        sys.exit(1 if wrong else 0)
    chosen = [m for m in MUTANTS if not words or any(word in m[0] for word in words)]
    chosen.sort(key=lambda m: m[1].partition("/")[0] in NEED_SPARK)
    with tempfile.TemporaryDirectory(prefix="kindling-mutants-") as folder:
        runner = Runner(pathlib.Path(folder))
        seconds, sound = {}, set()  # of test classes
        survivors = 0
        for name, file, before, after in chosen:
            verdict, why = judge(runner, seconds, sound, file, before, after)
            survivors += verdict != "killed"
            print(f"{name:<52} {verdict:<9} {why}", flush=True)
        runner.close()
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
