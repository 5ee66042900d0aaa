package dev.kindling.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code train} learns from each table of a folder, beside scikit-learn's perceptron, boosting and linear model.
 * Arguments: [FOLDER] [--peers FILE] [-- options of {@code train}]. The folder has {@code tables.json}, which maps a name
 * to [label, task], and {@code NAME_train.csv.gz} and {@code NAME_test.csv.gz}. The file keeps the peers' figures: it is
 * read if it exists, and otherwise written.
 *
 * <p>All figures are of the test rows: means over three seeds, where a learner has one. Seconds are those of the whole
 * command for Kindling, and of the fit alone for the others.
 */
public final class Tables {
    static final String BUNDLED = "src/bench/tables";
    private static final int SEEDS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Tables() {}

    public static void main(String[] arguments) throws Exception {
        List<String> all = Arrays.asList(arguments);
        int end = all.contains("--") ? all.indexOf("--") : all.size();
        List<String> own = new ArrayList<>(all.subList(0, end));
        List<String> options = all.subList(Math.min(end + 1, all.size()), all.size());
        int named = own.indexOf("--peers");
        Optional<Path> kept = Optional.empty();
        if (named >= 0 && named + 1 < own.size()) {
            kept = Optional.of(Path.of(own.remove(named + 1)));
            own.remove(named);
        }
        Path folder = Path.of(own.isEmpty() ? BUNDLED : own.get(0));
        if (own.size() > 1 || !Files.exists(folder.resolve("tables.json"))) {
            System.err.println("usage: submit/benchmark tables [FOLDER] [--peers FILE] [-- options of train],"
                    + " where FOLDER has a tables.json");
            System.exit(2);
        }
        Map<String, List<String>> tables = JSON.readValue(
                folder.resolve("tables.json").toFile(), new TypeReference<LinkedHashMap<String, List<String>>>() {});
        Standings standings = new Standings();
        Train train = new Train(folder, SEEDS, options);
        for (Map.Entry<String, List<String>> table : tables.entrySet()) {
            String name = table.getKey();
            Train.Result result =
                    train.run(name, table.getValue().get(0), table.getValue().get(1));
            System.err.println(name + ": " + result);
            standings.add(name, table.getValue().get(1), Standings.KINDLING, result.figures());
            result.refusal().ifPresent(sentence -> standings.refused(name, sentence));
        }
        for (String line : peers(folder, kept).lines().toList()) {
            JsonNode peer = JSON.readTree(line);
            String name = peer.get("table").asText();
            if (tables.containsKey(name)) {
                standings.add(
                        name,
                        tables.get(name).get(1),
                        peer.get("learner").asText(),
                        new Figures(number(peer, "score"), number(peer, "logLoss"), number(peer, "auc"), number(peer, "seconds")));
            }
        }
        standings.print();
    }

    /** A line of JSON for each table and peer. */
    private static String peers(Path folder, Optional<Path> kept) throws IOException, InterruptedException {
        if (kept.isPresent() && Files.exists(kept.get())) {
            return Files.readString(kept.get());
        }
        Optional<String> printed = Python.run("sklearn", "tables.py", folder, SEEDS);
        if (kept.isPresent() && printed.isPresent()) {
            Files.writeString(kept.get(), printed.get());
        }
        return printed.orElse("");
    }

    /** NaN for what is not there. */
    static double number(JsonNode node, String name) {
        return node.path(name).asDouble(Double.NaN);
    }
}
