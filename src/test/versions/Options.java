import org.apache.spark.launcher.JavaModuleOptions;

/** Prints the options that Spark's own scripts pass to a JVM: of a Spark on the class path, and none of ours. */
public final class Options {
    public static void main(String[] arguments) {
        System.out.println(JavaModuleOptions.defaultModuleOptions());
    }
}
