package dev.kindling.ml.params;

import dev.kindling.spec.Spec;
import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import scala.runtime.AbstractFunction1;

/** A param whose value is the spec of a family's member, or of several members in a row. */
final class SpecParam extends Param<String> {
    private static final long serialVersionUID = 1L;

    private final Grammar grammar;

    SpecParam(Params owner, String name, String doc, Class<?> family, boolean several) {
        this(owner, name, doc, new Grammar(family, several));
    }

    private SpecParam(Params owner, String name, String doc, Grammar grammar) {
        super(owner, name, doc, grammar);
        this.grammar = grammar;
    }

    /** The spec as {@link Spec} prints it. An invalid spec throws an exception that lists what exists. */
    String canonical(String spec) {
        return grammar.canonical(spec);
    }

    /** The spec without arguments that are defaults. */
    String brief(String spec) {
        return grammar.brief(spec);
    }

    /** Spark's check of a value: it throws rather than returns false, because the exception explains the fault. */
    private static final class Grammar extends AbstractFunction1<String, Object> implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Class<?> family;
        private final boolean several;

        Grammar(Class<?> family, boolean several) {
            this.family = family;
            this.several = several;
        }

        String canonical(String spec) {
            return several ? Spec.printAll(Spec.parseAll(family, spec)) : Spec.print(Spec.parse(family, spec));
        }

        String brief(String spec) {
            return several ? Spec.briefAll(Spec.parseAll(family, spec)) : Spec.brief(Spec.parse(family, spec));
        }

        @Override
        public Object apply(String spec) {
            return !canonical(spec).isEmpty() || several;
        }
    }
}
