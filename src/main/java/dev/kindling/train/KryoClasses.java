package dev.kindling.train;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;
import scala.Tuple2;

/**
 * Registers with Kryo all that crosses the wire, for {@code spark.kryo.registrationRequired=true}: name it in {@code
 * spark.kryo.registrator}.
 */
public final class KryoClasses implements KryoRegistrator {
    private static final Class<?>[] OURS = {
        Shard.class,
        ShardSummary.class,
        ShardSummary.Place.class,
        ShardSummary.Problem.class,
        ShardSummary.Width.class,
        PackedRows.class,
        Piece.class,
        Piece[].class,
        Shard[].class,
        float[].class,
        float[][].class,
        int[].class,
        int[][].class,
        long[].class,
        double[].class,
        byte[].class,
        byte[][].class,
        Tuple2.class,
        Object[].class,
    };

    @Override
    public void registerClasses(Kryo kryo) {
        for (Class<?> type : OURS) {
            kryo.register(type);
        }
    }
}
