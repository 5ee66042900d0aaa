package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.kindling.job.input.CsvOptions;
import dev.kindling.job.input.DecimalMark;
import dev.kindling.linalg.InvalidInput;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;

/**
 * A column that a model needs.
 *
 * @param name the column's name in the data
 */
public record InputColumn(String name, Kind kind, Role role) implements Serializable {

    /** The kind of its values. */
    public enum Kind {
        NUMBER,
        BOOLEAN,
        TEXT,
        VECTOR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
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
        Kind kind = kind(field.name(), field.dataType());
        return new InputColumn(field.name(), role == Role.LABEL && kind == Kind.BOOLEAN ? Kind.TEXT : kind, role);
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
        if (type.equals(SQLDataTypes.VectorType())) {
            return Kind.VECTOR;
        }
        throw new InvalidInput("column \"" + name + "\" must hold numbers, booleans, text or vectors, but holds "
                + type.simpleString() + "; use --features to leave it out");
    }

    /** The column's name in the pipeline. */
    public String column() {
        return name.replace('.', '_').replace('`', '_');
    }

    public static Column quoted(String name) {
        return col(quote(name));
    }

    private static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** The values cast for the pipeline; null if a text cannot be cast. */
    Column cast(DataSource.Data data) {
        Column given = quoted(name);
        return switch (kind) {
            case NUMBER -> data.isText() ? number(data.csv()) : given.cast("double");
            case BOOLEAN -> (data.isText() ? tryCast("boolean") : given).cast("double");
            case TEXT -> given.cast("string");
            case VECTOR -> given;
        };
    }

    private Column number(@Nullable CsvOptions csv) {
        DecimalMark mark = csv == null ? null : csv.decimal();
        return mark == null ? tryCast("double") : mark.plain(quoted(name)).cast("double");
    }

    private Column tryCast(String type) {
        return expr("try_cast(" + quote(name) + " AS " + type + ")");
    }
}
