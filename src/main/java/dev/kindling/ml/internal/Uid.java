package dev.kindling.ml.internal;

import org.apache.spark.ml.util.Identifiable$;
import org.jspecify.annotations.Nullable;

/** Holds the uid given to a constructor until {@code super()}, which runs first, asks for it; see the package's notes. */
public final class Uid {
    private static final ThreadLocal<@Nullable String> STASH = new ThreadLocal<>();

    private static final Uid TOKEN = new Uid();

    private Uid() {}

    /** To be called in the arguments of {@code this(…)}, before {@code super()} runs in the same thread. */
    public static Uid stash(String uid) {
        STASH.set(uid);
        return TOKEN;
    }

    /** The stashed uid, or a fresh one. */
    public static String take(String prefix) {
        String uid = STASH.get();
        STASH.remove();
        return uid == null ? Identifiable$.MODULE$.randomUID(prefix) : uid;
    }
}
