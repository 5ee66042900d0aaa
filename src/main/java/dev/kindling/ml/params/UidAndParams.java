package dev.kindling.ml.params;

import dev.kindling.spark.SparkLine;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.jspecify.annotations.Nullable;

/**
 * The uid and the params of one estimator or model. Spark's traits ask for both inside {@code super()}, before the Java
 * class's own initialisers and constructor run: see the notes of the package.
 */
public final class UidAndParams {
    private static final ThreadLocal<@Nullable UidAndParams> STASH = new ThreadLocal<>();

    private final String uid;
    private @Nullable ParamSet params; // they ask their owner for its uid, so they come second
    private boolean ofCopy;

    private UidAndParams(String uid) {
        this.uid = uid;
    }

    /** Keeps a given uid for {@link #of}. Call it in the arguments of {@code this(…)}, which run before {@code super()}. */
    public static UidAndParams stash(String uid) {
        UidAndParams given = new UidAndParams(uid);
        STASH.set(given);
        return given;
    }

    /** The known ones; where there are none yet, those of the stashed uid or of a new one. */
    public static UidAndParams of(@Nullable UidAndParams known, MlpParams owner) {
        if (known != null) {
            return known;
        }
        SparkLine.require(Param.class);
        UidAndParams given = STASH.get();
        STASH.remove();
        String prefix = owner instanceof MlpClassificationParams ? "mlpClassifier" : "mlpRegressor";
        return given != null ? given : new UidAndParams(Identifiable$.MODULE$.randomUID(prefix));
    }

    /** Notes that the estimator is a copy of another. */
    public void setOfCopy() {
        ofCopy = true;
    }

    /** Whether the estimator is a copy: Spark fits those where it fits an estimator several times. */
    public boolean isOfCopy() {
        return ofCopy;
    }

    public String uid() {
        return uid;
    }

    ParamSet params(MlpParams owner) {
        ParamSet known = params;
        if (known == null) {
            known = new ParamSet(owner);
            params = known;
        }
        return known;
    }
}
