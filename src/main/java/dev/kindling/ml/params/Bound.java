package dev.kindling.ml.params;

import org.apache.spark.ml.param.ParamValidators;
import scala.Function1;

/** What a number must satisfy: Spark's check, and the words for it in the documentation. */
@SuppressWarnings("ImmutableEnumChecker") // Spark's checks hold numbers alone
enum Bound {
    POSITIVE(" (> 0)", ParamValidators.gt(0)),
    NOT_NEGATIVE(" (>= 0)", ParamValidators.gtEq(0)),
    UP_TO_100_000(", at most 100000 (>= 0)", ParamValidators.inRange(0, 100_000)),
    AT_LEAST_ONE(" (>= 1)", ParamValidators.gtEq(1)),
    ONE_OR_TWO(" (1 or 2)", ParamValidators.inRange(1, 2)),
    BELOW_ONE(", in [0, 1)", ParamValidators.inRange(0, 1, true, false)),
    UP_TO_ONE(", in [0, 1]", ParamValidators.inRange(0, 1));

    private final String words;
    private final Function1<Object, Object> check;

    Bound(String words, Function1<Object, Object> check) {
        this.words = words;
        this.check = check;
    }

    Function1<Object, Object> check() {
        return check;
    }

    /** The documentation with the bound behind its first clause: special values are explained after a semicolon. */
    String addTo(String doc) {
        int end = doc.indexOf(';');
        return end < 0 ? doc + words : doc.substring(0, end) + words + doc.substring(end);
    }
}
