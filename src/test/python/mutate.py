"""Breaks one line of the numeric core at a time and asks whether a test of nn or optim goes red.

    python3 src/test/python/mutate.py [WORD ...]     # only the mutants whose name contains one of the words

Run by hand, never by Maven: each mutant is a build of a copy of this tree (about 20 seconds), so the tree itself is never
touched. Exits with 1 if a mutant survives. A mutant whose line is no longer in the source is an error: mend the table.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[3]
CORE = pathlib.Path("src/main/java/dev/kindling")
NEGATED = "0f, spare, 0);\n            Kernels.scale(rows * frame.inputs, -1f, spare, 0);"

# (name, file, line as it is, line as it is not)
MUTANTS = [
    ("dense: weights' gradient dropped", "nn/Dense.java", "frame.in.accumulateTransposed(", "if (rows < 0) frame.in.accumulateTransposed("),
    ("dense: biases' gradient dropped", "nn/Dense.java", "Kernels.addRowSums(", "if (rows < 0) Kernels.addRowSums("),
    ("dense: sign of the input's gradient", "nn/Dense.java", "0f, spare, 0);", NEGATED),
    ("relu: passes what it should stop", "nn/Activation.java", "out[i] > 0f ? delta[i] : 0f", "out[i] > 0f ? 0f : delta[i]"),
    ("leakyRelu: sign of the slope", "nn/Activation.java", "delta[i] : a * delta[i]", "delta[i] : -a * delta[i]"),
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
    ("softmax: sign of the target", "nn/Loss.java", "delta[target] -= (float)", "delta[target] += (float)"),
    ("sigmoid loss: sign of the target", "nn/Loss.java", "Exponential.sigmoid(z) - target", "Exponential.sigmoid(z) + target"),
    ("smoothing: sign of the even part", "nn/Loss.java", "delta[j] -= part", "delta[j] += part"),
    ("hinge: sign of the target", "nn/Loss.java", "delta[target] = -weight * violated", "delta[target] = weight * violated"),
    ("hinge: sign of the others", "nn/Loss.java", "violates ? weight : 0f", "violates ? -weight : 0f"),
    ("focal: sign of the target", "nn/Loss.java", "(float) (-scale * q)", "(float) (scale * q)"),
    ("focal: sign in the factor A", "nn/Loss.java", "1 + gamma * p * share", "1 - gamma * p * share"),
    ("absolute error: sign", "nn/Loss.java", "weight * Math.signum(error)", "-weight * Math.signum(error)"),
    ("huber: sign of the cut below", "nn/Loss.java", "Math.max(-this.delta,", "Math.max(this.delta,"),
    ("quantile: sign of tau below", "nn/Loss.java", "error < 0 ? -tau", "error < 0 ? tau"),
    ("poisson: sign of the target", "nn/Loss.java", "weight * (mean - target)", "weight * (mean + target)"),
    ("squared error: factor 2 dropped", "nn/Loss.java", "2 * weight * error", "weight * error"),
    ("sgd: sign of the step", "optim/FirstOrder.java", "parameters[i] -= r * gradient[i];", "parameters[i] += r * gradient[i];"),
    ("momentum: sign of the velocity", "optim/FirstOrder.java", "parameters[i] -= r * v[i];\n            }\n        }\n    }\n\n    /**\n     * Nesterov", "parameters[i] += r * v[i];\n            }\n        }\n    }\n\n    /**\n     * Nesterov"),
    ("nesterov: sign of the look ahead", "optim/FirstOrder.java", "gradient[i] + mu * v[i])", "gradient[i] - mu * v[i])"),
    ("adagrad: sign of the sum", "optim/FirstOrder.java", "s[i] += g * g;", "s[i] -= g * g;"),
    ("adadelta: sign of the step's square", "optim/FirstOrder.java", "p * u[i] + q * d * d", "p * u[i] - q * d * d"),
    ("adadelta: roots swapped", "optim/FirstOrder.java", "Math.sqrt(u[i] + eps) / (float) Math.sqrt(s[i] + eps)", "Math.sqrt(s[i] + eps) / (float) Math.sqrt(u[i] + eps)"),
    ("rmsprop: sign of the mean's square", "optim/FirstOrder.java", "s[i] - a[i] * a[i]", "s[i] + a[i] * a[i]"),
    ("rmsprop: sign of the momentum", "optim/FirstOrder.java", "mu * v[i] + g / (", "-mu * v[i] + g / ("),
    ("rmsprop: always centered", "optim/FirstOrder.java", "centered ? q : 0f", "q"),
    ("adam: correction of m dropped", "optim/FirstOrder.java", "rate / (1 - StrictMath.pow(beta1, step + 1.0)));\n        float correction", "rate / (1 - 0 * StrictMath.pow(beta1, step + 1.0)));\n        float correction"),
    ("adam: correction of v dropped", "optim/FirstOrder.java", "Math.sqrt(1 - StrictMath.pow(beta2, step + 1.0)));\n        float eps", "Math.sqrt(1 - 0 * StrictMath.pow(beta2, step + 1.0)));\n        float eps"),
    ("adam: t one too late", "optim/FirstOrder.java", "rate / (1 - StrictMath.pow(beta1, step + 1.0)));\n        float correction", "rate / (1 - StrictMath.pow(beta1, step + 2.0)));\n        float correction"),
    ("adam: sign of the step", "optim/FirstOrder.java", "-= r * m[i] / ((float) Math.sqrt(v[i])", "+= r * m[i] / ((float) Math.sqrt(v[i])"),
    ("adamw: decay dropped", "optim/FirstOrder.java", "return weightDecay;\n        }\n\n        @Override\n        public void step(\n                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {\n            adam(", "return 0 * weightDecay;\n        }\n\n        @Override\n        public void step(\n                double rate, long step, List<Block> layout, float[] parameters, float[] gradient, Slots slots) {\n            adam("),
    ("adamax: correction of m dropped", "optim/FirstOrder.java", "rate / (1 - StrictMath.pow(beta1, step + 1.0)));\n            float b1", "rate / (1 - 0 * StrictMath.pow(beta1, step + 1.0)));\n            float b1"),
    ("adamax: sign of the old maximum", "optim/FirstOrder.java", "Math.max(b2 * u[i],", "Math.max(-b2 * u[i],"),
    ("nadam: correction of m dropped", "optim/FirstOrder.java", "next / (1 - product * next)", "next / (1 - 0 * product)"),
    ("nadam: correction of g dropped", "optim/FirstOrder.java", "(1 - mu) / (1 - product)", "(1 - mu) / (1 - 0 * product)"),
    ("nadam: correction of v dropped", "optim/FirstOrder.java", "StrictMath.pow(beta2, (double) t)", "0 * StrictMath.pow(beta2, (double) t)"),
    ("nadam: momentum's decay dropped", "optim/FirstOrder.java", "1 - 0.5 * StrictMath", "1 - 0 * StrictMath"),
    ("nadam: sign of the momentum's part", "optim/FirstOrder.java", "g + ofMomentum * m[i]", "g - ofMomentum * m[i]"),
    ("amsgrad: correction of m dropped", "optim/FirstOrder.java", "rate / (1 - StrictMath.pow(beta1, step + 1.0)));\n            float correction", "rate / (1 - 0 * StrictMath.pow(beta1, step + 1.0)));\n            float correction"),
    ("amsgrad: maximum dropped", "optim/FirstOrder.java", "Math.max(w[i], v[i])", "v[i]"),
    ("amsgrad: sign of the step", "optim/FirstOrder.java", "-= r * m[i] / ((float) Math.sqrt(w[i])", "+= r * m[i] / ((float) Math.sqrt(w[i])"),
    ("lion: sign of the gradient", "optim/FirstOrder.java", "b1 * m[i] + a1 * g);", "b1 * m[i] - a1 * g);"),
    ("lion: momentum by the first beta", "optim/FirstOrder.java", "m[i] = b2 * m[i] + a2 * g", "m[i] = b1 * m[i] + a1 * g"),
    ("lamb: correction of m dropped", "optim/FirstOrder.java", "1 / (1 - StrictMath.pow(beta1, step + 1.0))", "1 / (1 - 0 * StrictMath.pow(beta1, step + 1.0))"),
    ("lamb: trust dropped", "optim/FirstOrder.java", "rate * trust(norm(block, parameters), Math.sqrt(length))", "rate + 0 * trust(norm(block, parameters), Math.sqrt(length))"),
    ("lamb: trust of all parameters", "optim/FirstOrder.java", "trust(norm(block, parameters)", "trust(Math.sqrt(Kernels.sumOfSquares(parameters.length, parameters, 0))"),
    ("lamb: biases decay", "optim/FirstOrder.java", "Role.WEIGHT ? (float) weightDecay : 0f", "Role.WEIGHT ? (float) weightDecay : (float) weightDecay"),
    ("lars: decay dropped below", "optim/FirstOrder.java", "+ weightDecay * length", "+ 0 * weightDecay * length"),
    ("lars: sign of the decay", "optim/FirstOrder.java", "(gradient[i] + lambda", "(gradient[i] - lambda"),
    ("lars: trust of 1", "optim/FirstOrder.java", "? trust * length / below", "? length / below"),
    ("rule: sign of the decoupled decay", "optim/UpdateRule.java", "1 - rate * stepping", "1 + rate * stepping"),
    ("rule: sign of the statistics", "optim/UpdateRule.java", "-1f, gradient, block", "1f, gradient, block"),
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
    ("plateau: sign of the threshold", "optim/Plateau.java", "state.best * (1 - threshold)", "state.best * (1 + threshold)"),
    ("plateau: patience one epoch short", "optim/Plateau.java", "state.epochs > patience", "state.epochs >= patience"),
    ("penalty: sign of l1", "optim/Penalty.java", "+= (float) l1", "-= (float) l1"),
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
    ("residual: skip dropped backward", "nn/Residual.java", "Kernels.add(n, frame.skipped", "Kernels.add(0, frame.skipped"),
    ("residual: sign of the skip's gradient", "nn/Residual.java", "Kernels.add(n, frame.skipped", "Kernels.axpy(n, -1f, frame.skipped"),
    ("standardize: sign of the mean", "nn/Standardize.java", "(in[row * n + j] - frame", "(in[row * n + j] + frame"),
    ("chain: stops one trained layer early", "nn/Chain.java", "nothingBelow && !isTrained(i)", "nothingBelow || isTrained(i)"),
    ("chain: inner layers share one key", "nn/Chain.java", "key.fold(i);", "key.fold(0);"),
]  # fmt: skip


def run(tree):
    """The test classes that fail; None where the mutant does not compile."""
    shutil.rmtree(tree / "target" / "surefire-reports", ignore_errors=True)
    command = ["mvn", "-B", "-o", "test", "-Dspotless.check.skip", "-Dtest=dev.kindling.nn.*Test,dev.kindling.optim.*Test"]
    result = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    ran = re.search(r"Tests run: [1-9]", result.stdout)
    if not ran:
        print(result.stdout[-3000:], file=sys.stderr)
        return None
    return sorted(set(re.findall(r"Tests run:.*FAILURE!.* in dev\.kindling\.\w+\.(\w+)", result.stdout)))


def main():
    words = sys.argv[1:]
    chosen = [m for m in MUTANTS if not words or any(word in m[0] for word in words)]
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="kindling-mutants-") as folder:
        tree = pathlib.Path(folder)
        shutil.copy(ROOT / "pom.xml", tree)
        for name in ("src", ".mvn"):
            shutil.copytree(ROOT / name, tree / name)
        if run(tree) != []:
            sys.exit("the tests must be green before a mutant can be judged")
        print(f"{'mutant':<40} {'verdict':<10} by", flush=True)
        for name, file, before, after in chosen:
            path = tree / CORE / file
            source = path.read_text(encoding="utf-8")
            if source.count(before) != 1:
                sys.exit(f"{name}: {file} must hold once, but holds {source.count(before)} times: {before}")
            path.write_text(source.replace(before, after), encoding="utf-8")
            failed = run(tree)
            path.write_text(source, encoding="utf-8")
            verdict = "no build" if failed is None else "caught" if failed else "SURVIVED"
            survivors += verdict != "caught"
            print(f"{name:<40} {verdict:<10} {', '.join(failed or [])}", flush=True)
    sys.exit(1 if survivors else 0)


main()
