package dev.kindling.ml.params;

import dev.kindling.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.jspecify.annotations.Nullable;

/**
 * Builds the params of one estimator or model, so that {@link ParamSet} can state each in one expression: its name, default
 * (null for none), bound, documentation, and its option on the command line as the help shows it, such as {@code
 * --batch-size B}. A name in braces within the documentation refers to another param.
 *
 * <p>It is a superclass because field initialisers of {@link ParamSet} need the owner.
 */
abstract class ParamTable {
    /** In place of an option: the param cannot be set on the command line. */
    static final String NO_OPTION = "";

    private static final Pattern REFERENCE = Pattern.compile("\\{(\\w+)}");

    final Params owner;
    private final List<Row> rows = new ArrayList<>();

    /** One param as it was stated. */
    private record Row(String option, Param<?> param, @Nullable Object value, String doc) {}

    ParamTable(Params owner) {
        this.owner = owner;
    }

    final boolean classifies() {
        return owner instanceof MlpClassificationParams;
    }

    final DoubleParam number(String name, double value, Bound bound, String doc, String option) {
        String text = bound.addTo(doc);
        return define(option, new DoubleParam(owner, name, plain(text), bound.check()), value, text);
    }

    final IntParam integer(String name, @Nullable Integer value, Bound bound, String doc, String option) {
        String text = bound.addTo(doc);
        return define(option, new IntParam(owner, name, plain(text), bound.check()), value, text);
    }

    final IntArrayParam integers(String name, int[] value, String doc, String option) {
        return define(option, new IntArrayParam(owner, name, plain(doc)), value, doc);
    }

    final LongParam longInteger(String name, long value, String doc, String option) {
        return define(option, new LongParam(owner, name, plain(doc)), value, doc);
    }

    /** The documentation begins with "whether to". */
    final BooleanParam flag(String name, @Nullable Boolean value, String doc, String option) {
        return define(option, new BooleanParam(owner, name, plain(doc)), value, doc);
    }

    /** A member of a family that has specs. */
    final <F> Param<String> spec(String name, Class<F> family, F value, String doc, String option) {
        return define(option, new SpecParam(owner, name, plain(doc), family, false), Spec.print(value), doc);
    }

    /** Several members of a family in a row. */
    final Param<String> specs(String name, Class<?> family, String doc, String option) {
        return define(option, new SpecParam(owner, name, plain(doc), family, true), null, doc);
    }

    final Param<String> text(String name, @Nullable String value, String doc, String option) {
        return define(option, new Param<>(owner, name, plain(doc)), value, doc);
    }

    /** One of a few words. */
    final Param<String> choice(String name, String value, List<String> values, String doc, String option) {
        return define(option, new Param<>(owner, name, plain(doc), new Choice(name, values)), value, doc);
    }

    final Param<Vector> vector(String name, String doc) {
        return define(NO_OPTION, new Param<>(owner, name, plain(doc)), null, doc);
    }

    final StringArrayParam columns(String name, String doc) {
        return define(NO_OPTION, new StringArrayParam(owner, name, plain(doc)), null, doc);
    }

    final <S extends PipelineStage> Param<S> stage(String name, StageParam.Maker<S> maker, String doc) {
        return define(NO_OPTION, new StageParam<>(owner, name, plain(doc), maker), null, doc);
    }

    private <V, P extends Param<V>> P define(String option, P param, @Nullable V value, String doc) {
        if (value != null) {
            owner.setDefault(param, value);
        }
        rows.add(new Row(option, param, value, doc));
        return param;
    }

    /** Makes the defaults those of a preset. Values that are set stay. */
    final void use(Preset preset) {
        for (Row row : rows) {
            if (row.value != null) {
                setDefault(row.param, preset.of(row.param.name(), classifies(), row.value));
            }
        }
    }

    @SuppressWarnings("unchecked") // a preset's values are of the params' types
    private <V> void setDefault(Param<V> param, Object value) {
        owner.setDefault(param, ParamSet.canonical(param, (V) value));
    }

    /** The params that the preset decides otherwise than {@code none} and the user has not set, in their order. */
    final List<ParamOption> decidedBy(Preset preset) {
        return options().stream()
                .filter(option -> option.value() != null)
                .filter(option -> !owner.isSet(owner.getParam(option.param().name())))
                .filter(option -> preset.differsFromNone(
                        option.param().name(), classifies(), Objects.requireNonNull(option.value())))
                .toList();
    }

    /** The params that the command line can set, in the order of its help. */
    public final List<ParamOption> options() {
        Map<String, String> names = new TreeMap<>(); // of options, by param
        rows.forEach(row -> names.put(row.param.name(), row.option.split(" ", 2)[0]));
        return rows.stream()
                .filter(row -> !row.option.isEmpty())
                .map(row -> {
                    String[] usage = row.option.split(" ", 2);
                    String label = usage.length == 1 ? "" : usage[1];
                    String meaning = REFERENCE
                            .matcher(row.doc)
                            .replaceAll((MatchResult found) -> names.getOrDefault(found.group(1), found.group(1)));
                    return new ParamOption(usage[0], label, row.param, row.value, meaning);
                })
                .toList();
    }

    private static String plain(String doc) {
        return REFERENCE.matcher(doc).replaceAll("$1");
    }
}
