package dev.kindling.ml.params;

import dev.kindling.linalg.Require;
import java.io.Serializable;
import java.util.List;
import scala.runtime.AbstractFunction1;

/** Spark's check of a param that is one of a few words: it throws rather than returns false, to list the words. */
final class Choice extends AbstractFunction1<String, Object> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String param;
    private final List<String> words;

    Choice(String param, List<String> words) {
        this.param = param;
        this.words = List.copyOf(words);
    }

    @Override
    public Object apply(String value) {
        return Require.oneOf(value, words, param).equals(value);
    }
}
