package dev.kindling.checkpoint;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.safetensors.DamagedFile;
import dev.kindling.safetensors.TensorFile;
import dev.kindling.safetensors.TensorFile.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The versions of the checkpoint format that can be read. A file of an older version is brought to the newest, one
 * version at a time, before {@link CheckpointCodec} reads it. So the codec knows the newest version only.
 *
 * <p>To change the format: change {@link CheckpointCodec}, add to {@link #KNOWN} the migration from the version before,
 * and keep a golden file of each version.
 */
final class CheckpointVersions {
    /** Version 1, and what leads from it to the newest. */
    static final CheckpointVersions KNOWN =
            new CheckpointVersions(1, List.of(CheckpointVersions::addMonitor, CheckpointVersions::addRates));

    private static final String VERSION = "version";

    private final int oldest;
    private final List<Migration> migrations; // the first: from the oldest version to the next

    CheckpointVersions(int oldest, List<Migration> migrations) {
        this.oldest = oldest;
        this.migrations = List.copyOf(migrations);
    }

    /** Changes a file's strings and tensors from one version to the next. */
    interface Migration {
        /**
         * Changes both in place.
         *
         * @throws DamagedFile where the file lacks what its version must have
         */
        void apply(Map<String, String> strings, Map<String, Tensor> tensors) throws DamagedFile;
    }

    /** From version 1, whose runs monitor the loss. */
    private static void addMonitor(Map<String, String> strings, Map<String, Tensor> tensors) throws DamagedFile {
        String best = strings.remove("best loss");
        if (best == null) {
            throw new DamagedFile("lacks best loss");
        }
        strings.put("best cost", best);
        strings.put(RunFingerprint.PREFIX + "monitor", "loss");
    }

    /** From version 2, whose runs have one rate for all parameters, and constant dropout and weight decay. */
    private static void addRates(Map<String, String> strings, Map<String, Tensor> tensors) {
        strings.put(RunFingerprint.PREFIX + "rate factors", "none");
        strings.put(RunFingerprint.PREFIX + "weight decay schedule", "constant");
        strings.put(RunFingerprint.PREFIX + "dropout schedule", "constant");
    }

    /** The version that is written. */
    int newest() {
        return oldest + migrations.size();
    }

    /**
     * The file in the newest version.
     *
     * @param name of the file, for messages
     * @throws InvalidInput for a version that is not known
     */
    TensorFile migrated(TensorFile file, String name) throws DamagedFile {
        String version = file.strings().get(VERSION);
        int from = IntStream.rangeClosed(oldest, newest())
                .filter(known -> String.valueOf(known).equals(version))
                .findFirst()
                .orElseThrow(() -> new InvalidInput(
                        name + " must have checkpoint version " + readable() + ", but has " + version));
        Map<String, String> strings = new LinkedHashMap<>(file.strings());
        Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
        for (Migration migration : migrations.subList(from - oldest, migrations.size())) {
            migration.apply(strings, tensors);
        }
        strings.put(VERSION, String.valueOf(newest()));
        return new TensorFile(strings, tensors);
    }

    private String readable() {
        if (migrations.isEmpty()) {
            return oldest + ", the one this Kindling reads";
        }
        return IntStream.rangeClosed(oldest, newest()).mapToObj(String::valueOf).collect(Collectors.joining(" or "))
                + ", the ones this Kindling reads";
    }
}
