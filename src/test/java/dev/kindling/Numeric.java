package dev.kindling;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Tests of the mathematics, which need no Spark. They run with all compilers of the JVM, as the Vector API needs; all others run
 * with the first only, which costs half the time: see the surefire plugin in pom.xml.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@org.junit.jupiter.api.Tag("numeric")
@net.jqwik.api.Tag("numeric")
public @interface Numeric {}
