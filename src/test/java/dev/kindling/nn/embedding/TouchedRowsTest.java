package dev.kindling.nn.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.Numeric;
import dev.kindling.linalg.RandomKey;
import dev.kindling.linalg.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the definition, input by input. GoldenSparseTest has whole steps, TouchedStepsTest whole runs. */
@Numeric
final class TouchedRowsTest {
    private static final Runs RUNS = new Runs(List.of(3, 60), List.of(50, 400));
    private static final int INPUTS = 470;
    private static final int WIDTH = 3;
    private static final int WHOLE = 450 * WIDTH;
    private static final int REST = 7; // floats behind the rows

    /** Of each input of a run: its row among those of all runs. */
    private static int row(Runs runs, int inputs, int input) {
        return runs.places(inputs, 0, 1)[2 * input + 1];
    }

    /** Some of the inputs in runs, ascending: of the first run, and of the second. */
    private static int[] some(int first, int second, long seed) {
        SplitMix64 random = RandomKey.of(seed).generator();
        TreeSet<Integer> inputs = new TreeSet<>();
        while (inputs.size() < first) {
            inputs.add(3 + random.nextInt(50));
        }
        while (inputs.size() < first + second) {
            inputs.add(60 + random.nextInt(400));
        }
        return inputs.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] vector(int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = i + 1;
        }
        return vector;
    }

    private static int rest(TouchedRows rows) {
        return Runs.count(rows.runs().widths()) * WIDTH;
    }

    private static float[] gathered(TouchedRows rows, float[] whole) {
        float[] part = new float[rest(rows) + REST];
        Arrays.fill(part, Float.NaN); // as arrays that are used again hold anything
        rows.gather(whole, part);
        return part;
    }

    /** What a vector of the part must be. */
    private static float[] part(TouchedRows rows, int[] touched, float[] whole) {
        int[] map = new int[INPUTS];
        rows.writePlaces(map);
        float[] part = new float[rest(rows) + REST];
        for (int input : touched) {
            int to = row(rows.runs(), rows.columns(), map[input]) * WIDTH;
            System.arraycopy(whole, row(RUNS, INPUTS, input) * WIDTH, part, to, WIDTH);
        }
        System.arraycopy(whole, WHOLE, part, rest(rows), REST);
        return part;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0, 1", "4, 37", "20, 101", "50, 400"})
    void aPartHasTheRowsThatAreTouchedZerosAndTheRest(int first, int second) {
        int[] touched = some(first, second, 1);
        TouchedRows rows = TouchedRows.of(RUNS, INPUTS, WIDTH, touched);
        float[] whole = vector(WHOLE + REST);
        assertThat(gathered(rows, whole)).isEqualTo(part(rows, touched, whole));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0, 1", "4, 37", "20, 101", "50, 400"})
    void whatComesBackIsWhereItWasAndNothingElseMoves(int first, int second) {
        int[] touched = some(first, second, 2);
        TouchedRows rows = TouchedRows.of(RUNS, INPUTS, WIDTH, touched);
        float[] whole = vector(WHOLE + REST);
        float[] part = gathered(rows, whole);
        for (int i = 0; i < part.length; i++) {
            part[i] = -part[i] - 1; // also where nothing is touched
        }
        float[] expected = whole.clone();
        for (int input : touched) {
            for (int i = 0; i < WIDTH; i++) {
                int at = row(RUNS, INPUTS, input) * WIDTH + i;
                expected[at] = -whole[at] - 1;
            }
        }
        for (int i = WHOLE; i < whole.length; i++) {
            expected[i] = -whole[i] - 1;
        }
        rows.scatter(part, whole);
        assertThat(whole).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"4, 37", "20, 101", "50, 400"})
    void aPartOfAPartIsThatOfTheWhole(int first, int second) {
        int[] touched = some(first, second, 3);
        int[] fewer = Arrays.stream(touched).filter(input -> input % 3 == 0).toArray();
        TouchedRows rows = TouchedRows.of(RUNS, INPUTS, WIDTH, touched);
        TouchedRows narrow = TouchedRows.of(RUNS, INPUTS, WIDTH, fewer);
        float[] whole = vector(WHOLE + REST);
        float[] part = gathered(rows, whole);
        float[] own = new float[rest(narrow) + REST];
        narrow.within(rows).gather(part, own);
        assertThat(own).isEqualTo(part(narrow, fewer, whole));
    }
}
