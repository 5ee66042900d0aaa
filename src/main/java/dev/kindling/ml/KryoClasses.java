package dev.kindling.ml;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.kindling.data.Moments;
import dev.kindling.data.PackedRows;
import dev.kindling.data.Shard;
import dev.kindling.data.ShardPiece;
import dev.kindling.data.ShardSummary;
import dev.kindling.data.disk.FloatChunk;
import dev.kindling.engine.GradientSum;
import dev.kindling.ml.internal.RowTally;
import dev.kindling.spark.Floats;
import dev.kindling.stats.ColumnTally;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.serializer.KryoRegistrator;
import org.jspecify.annotations.Nullable;

/**
 * Registers with Kryo the classes that Kindling's fits and jobs send over the network, so that they run with {@code
 * spark.kryo.registrationRequired=true}. Set {@code spark.kryo.registrator} to this class's name.
 *
 * <p>Besides our own classes it registers those that Spark's readers, rows and ML stages send but Spark does not register.
 * Classes of the commands are registered by name, because this package must not import them. So are Spark's own, because a
 * class that a Spark version lacks is then skipped, on both sides.
 */
public final class KryoClasses implements KryoRegistrator {
    private static final List<Class<?>> OWN = List.of(
            Shard.class,
            Floats.class,
            Floats[].class,
            GradientSum.class,
            GradientSum[].class,
            PackedRows.class,
            FloatChunk[].class,
            FloatChunk.InMemory.class,
            ShardPiece.class,
            ShardSummary.class,
            Moments.class,
            RowTally.class,
            RowTally[].class,
            ColumnTally.class,
            ShardSummary.RowLocation.class,
            ShardSummary.Problem.class,
            ShardSummary.Width.class,
            int[][].class,
            long[][].class,
            long[][][].class,
            ArrayList.class,
            BitSet.class,
            HashMap.class,
            TreeMap.class,
            float[][].class,
            double[][].class);

    private static final String TABLE = "dev.kindling.table.profile.";
    private static final String JOB = "dev.kindling.job.";
    private static final String INPUT = "dev.kindling.job.input.";
    private static final String TYPES = "org.apache.spark.sql.types.";
    private static final String VECTORS = "org.apache.spark.ml.linalg.";

    /** The types of columns. They are sent with every row that has a schema, and by readers that infer one. */
    private static final List<String> SINGLE_TYPES = List.of(
            "BinaryType",
            "BooleanType",
            "ByteType",
            "CalendarIntervalType",
            "DateType",
            "DoubleType",
            "FloatType",
            "IntegerType",
            "LongType",
            "NullType",
            "ShortType",
            "StringType",
            "TimestampNTZType",
            "TimestampType",
            "VariantType");

    private static final List<String> COMPOSITE_TYPES = List.of(
            "ArrayType",
            "CharType",
            "DayTimeIntervalType",
            "Decimal",
            "DecimalType",
            "MapType",
            "Metadata",
            "StringType",
            "StructField",
            "StructType",
            "VarcharType",
            "YearMonthIntervalType");

    @Override
    public void registerClasses(Kryo kryo) {
        OWN.forEach(kryo::register);
        kryo.register(FloatChunk.OnDisk.class, new JavaSerializer());
        for (String name : others()) {
            Class<?> type = find(name);
            if (type != null) {
                kryo.register(type);
            }
        }
    }

    private static List<String> others() {
        List<String> names = new ArrayList<>();
        names.add("dev.kindling.linalg.OffsetFinder");
        names.add("dev.kindling.ml.internal.Filling$Sums");
        names.add("[Ldev.kindling.ml.internal.Filling$Sums;");
        for (String name :
                List.of("TableProfile", "ColumnProfile", "NumberStats", "NumberCounts", "TextCounts", "ExactSum")) {
            names.add(TABLE + name);
            names.add("[L" + TABLE + name + ";");
        }
        names.add("dev.kindling.table.cache.TableBlock");
        names.add("[Ldev.kindling.table.cache.TableBlock;");
        names.add("[[B");
        names.add("[[Ljava.lang.Object;");
        names.add("java.sql.Timestamp");
        names.add("java.sql.Date");
        names.add("java.math.BigDecimal");
        names.add("java.time.LocalDateTime");
        names.add(JOB + "io.RowCheck$Verdict");
        names.add("[L" + JOB + "io.RowCheck$Verdict;");
        names.add(JOB + "input.LibsvmLines$Verdict");
        names.add("[L" + JOB + "input.LibsvmLines$Verdict;");
        names.add(INPUT + "CsvHead");
        names.add("[L" + INPUT + "CsvHead;");
        names.add("[L" + TYPES + "DataType;");
        names.add("[L" + TYPES + "StructField;");
        SINGLE_TYPES.forEach(name -> names.add(TYPES + name + "$"));
        COMPOSITE_TYPES.forEach(name -> names.add(TYPES + name));
        names.add(VECTORS + "VectorUDT");
        names.add(VECTORS + "MatrixUDT");
        return names;
    }

    private static @Nullable Class<?> find(String name) {
        try {
            return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
