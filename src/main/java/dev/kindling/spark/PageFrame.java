package dev.kindling.spark;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.UIUtils;
import scala.Function0;
import scala.collection.Seq;
import scala.collection.immutable.$colon$colon;
import scala.collection.immutable.List;
import scala.collection.immutable.List$;
import scala.xml.Node;

/**
 * What Spark's UI puts around a page's content: its head and its tabs. The method that does it takes other arguments in other
 * versions, so it is looked up, and arguments that are not known here get Spark's defaults.
 */
public final class PageFrame {
    private static final String METHOD = "headerSparkPage";

    private PageFrame() {}

    /**
     * The page with that frame, or without one where Spark's cannot be had. A list is the sequence that a page returns in each
     * Scala.
     */
    public static List<Node> around(Object request, String title, Node content, SparkUITab tab) {
        return Convenience.attempt("a page in the Spark UI", () -> framed(request, title, content, tab))
                .orElseGet(() -> new $colon$colon<>(content, List$.MODULE$.<Node>empty()));
    }

    @SuppressWarnings("unchecked") // what that method returns in every version
    private static List<Node> framed(Object request, String title, Node content, SparkUITab tab) {
        try {
            Method method = Arrays.stream(UIUtils.class.getMethods())
                    .filter(each -> each.getName().equals(METHOD))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchMethodException(METHOD));
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = method.getParameterTypes()[i];
                if (type.isInstance(request)) {
                    arguments[i] = request;
                } else if (type == String.class) {
                    arguments[i] = title;
                } else if (type == Function0.class) {
                    arguments[i] = (Function0<Object>) () -> content;
                } else if (type.isInstance(tab)) {
                    arguments[i] = tab;
                } else {
                    arguments[i] = UIUtils.class
                            .getMethod(METHOD + "$default$" + (i + 1))
                            .invoke(null);
                }
            }
            return ((Seq<Node>) method.invoke(null, arguments)).toList();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(METHOD, e);
        }
    }
}
