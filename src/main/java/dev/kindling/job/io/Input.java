package dev.kindling.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

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

/**
 * A column that a model needs.
 *
 * @param name in the data
 */
public record Input(String name, Kind kind, Role role) implements Serializable {

    /** What its values are. */
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

    /** What it is for. */
    enum Role {
        FEATURE,
        LABEL,
        WEIGHT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Input of(StructField field, Role role) {
        Kind kind = kind(field.name(), field.dataType());
        return new Input(field.name(), role == Role.LABEL && kind == Kind.BOOLEAN ? Kind.TEXT : kind, role);
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
                + type.simpleString() + "; --features can leave it out");
    }

    /** The column's name in pipelines. */
    public String column() {
        return name.replace('.', '_').replace('`', '_');
    }

    public static Column quoted(String name) {
        return col(quote(name));
    }

    private static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** The values as the pipeline takes them; null where a text is no such value. */
    Column cast(boolean fromText) {
        Column given = quoted(name);
        return switch (kind) {
            case NUMBER -> fromText ? tryCast("double") : given.cast("double");
            case BOOLEAN -> (fromText ? tryCast("boolean") : given).cast("double");
            case TEXT -> given.cast("string");
            case VECTOR -> given;
        };
    }

    private Column tryCast(String type) {
        return expr("try_cast(" + quote(name) + " AS " + type + ")");
    }
}
