package dev.kindling.job.io;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.DecimalMark;
import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/**
 * A column that a model needs.
 *
 * @param name the column's name in the data
 */
public record InputColumn(String name, Kind kind, Role role) implements Serializable {
    /** Doubles hold all whole numbers below 2^53, so that different ones stay different classes. */
    private static final double LARGEST_WHOLE = 0x1p53;

    /** The kind of its values. */
    public enum Kind {
        NUMBER,
        /** Whole numbers that name classes. They need not be 0, 1, 2, …: their texts are indexed. */
        INTEGER,
        BOOLEAN,
        TEXT,
        VECTOR,
        /** Values as the data have them, which the table vectorizer reads. */
        RAW,
        /** The same, and a text is a number that is written plainly. */
        RAW_NUMBER;

        boolean isRaw() {
            return this == RAW || this == RAW_NUMBER;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The values in messages. */
        String plural() {
            return switch (this) {
                case INTEGER -> "whole numbers";
                case TEXT -> "text";
                default -> this + "s";
            };
        }
    }

    /** The column's use. */
    enum Role {
        FEATURE,
        LABEL,
        WEIGHT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static InputColumn of(StructField field, Role role) {
        return new InputColumn(
                field.name(), role == Role.FEATURE ? Kind.RAW : kind(field.name(), field.dataType()), role);
    }

    private static Kind kind(String name, DataType type) {
        if (type instanceof NumericType) {
            return Kind.NUMBER;
        }
        if (type instanceof BooleanType) {
            return Kind.BOOLEAN;
        }
        if (type instanceof StringType) {
            return Kind.TEXT;
        }
        throw new InvalidInput(
                "column \"" + name + "\" must hold numbers, booleans or text, but holds " + type.simpleString());
    }

    InputColumn withKind(Kind other) {
        return new InputColumn(name, other, role);
    }

    /** The column's name in the pipeline. */
    public String column() {
        return kind.isRaw() ? name : name.replace('.', '_').replace('`', '_');
    }

    /** The column in messages. */
    public String title() {
        return (role == Role.FEATURE ? "" : role + " ") + "column \"" + name + "\"";
    }

    /** Whether the pipeline takes the values as texts, which it indexes. */
    boolean isIndexed() {
        return kind == Kind.TEXT || kind == Kind.INTEGER || (kind == Kind.BOOLEAN && role == Role.LABEL);
    }

    public static Column quoted(String name) {
        return col(quote(name));
    }

    private static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** The column of the pipeline, with its type: numbers that the data write plainly are numbers. */
    public Column typed() {
        return kind == Kind.RAW_NUMBER ? expr("try_cast(" + quote(column()) + " AS double)") : quoted(column());
    }

    /**
     * The values cast for the pipeline, the same however the data hold them; null for a value that is none of the kind.
     *
     * @throws InvalidInput if no value of the column's type in the data is one of the kind
     */
    Column cast(DataSource.Data data) {
        DataType given = type(data);
        return switch (kind) {
            case NUMBER -> number(data);
            case INTEGER -> whole(number(data));
            case BOOLEAN -> truth(data).cast(isIndexed() ? "string" : "double");
            case TEXT -> text(given);
            case RAW -> quoted(name);
            case RAW_NUMBER -> rawNumber(data);
            case VECTOR -> {
                requireType(given.equals(SQLDataTypes.VectorType()), given);
                yield quoted(name);
            }
        };
    }

    /** Where a decimal mark was given, texts are as the vectorizer reads them. */
    private Column rawNumber(DataSource.Data data) {
        CsvOptions csv = data.csv();
        DecimalMark mark = csv == null ? null : csv.decimal();
        return mark == null || !(type(data) instanceof StringType)
                ? quoted(name)
                : coalesce(mark.plain(quoted(name)), quoted(name));
    }

    private DataType type(DataSource.Data data) {
        return data.rows().schema().apply(name).dataType();
    }

    private void requireType(boolean suits, DataType given) {
        Require.that(
                suits,
                title() + " must hold " + kind.plural() + ", as in the data that the model was trained on, but holds "
                        + given.simpleString());
    }

    private Column number(DataSource.Data data) {
        DataType given = type(data);
        requireType(given instanceof NumericType || given instanceof StringType, given);
        if (!(given instanceof StringType)) {
            return quoted(name).cast("double");
        }
        CsvOptions csv = data.csv();
        DecimalMark mark = csv == null ? null : csv.decimal();
        return mark == null
                ? expr("try_cast(" + quote(name) + " AS double)")
                : mark.plain(quoted(name)).cast("double");
    }

    /** The text of a whole number, without a decimal point; null for other numbers. */
    private static Column whole(Column number) {
        return when(
                rint(number).equalTo(number).and(number.between(-LARGEST_WHOLE + 1, LARGEST_WHOLE - 1)),
                number.cast("bigint").cast("string"));
    }

    private Column truth(DataSource.Data data) {
        DataType given = type(data);
        if (given instanceof BooleanType) {
            return quoted(name);
        }
        Column number = number(data);
        Column numeric = when(number.equalTo(1), true).when(number.equalTo(0), false);
        if (!(given instanceof StringType)) {
            return numeric;
        }
        Column text = lower(trim(quoted(name)));
        return when(text.equalTo("true"), true)
                .when(text.equalTo("false"), false)
                .otherwise(numeric);
    }

    private Column text(DataType given) {
        requireType(given instanceof StringType || given instanceof NumericType || given instanceof BooleanType, given);
        Column text = quoted(name).cast("string");
        return given instanceof NumericType ? coalesce(whole(quoted(name).cast("double")), text) : text;
    }
}
