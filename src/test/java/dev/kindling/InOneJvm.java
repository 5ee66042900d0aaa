package dev.kindling;

import dev.kindling.spark.OneJvm;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The fits of this class or method train in threads of the driver, as those of a user with a local master do: the same bits as
 * by a Spark job a step, which is what {@link LocalSpark} runs otherwise, in a tenth of the time.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(InOneJvm.Switch.class)
public @interface InOneJvm {
    /** Sets the property for the thread of the tests. */
    final class Switch implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            set("true");
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            set("true");
        }

        @Override
        public void afterEach(ExtensionContext context) {
            set(null);
        }

        @Override
        public void afterAll(ExtensionContext context) {
            set(null);
        }

        private static void set(String value) {
            LocalSpark.session().sparkContext().setLocalProperty(OneJvm.PROPERTY, value);
        }
    }
}
