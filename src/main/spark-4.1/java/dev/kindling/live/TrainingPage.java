package dev.kindling.live;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.ui.WebUIPage;
import org.json4s.JValue;
import org.json4s.jackson.JsonMethods$;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The tab's page, as Spark 4.1 asks for it: with {@code jakarta.servlet} and its Scala's sequences. */
final class TrainingPage extends WebUIPage {
    private final TrainingTab tab;

    TrainingPage(TrainingTab tab) {
        super("");
        this.tab = tab;
    }

    @Override
    public Seq<Node> render(HttpServletRequest request) {
        Node content = new Unparsed(tab.content(request.getParameter("fit")));
        return UIUtils.headerSparkPage(request, "Training", () -> content, tab, Option.empty(), false, false);
    }

    @Override
    public JValue renderJson(HttpServletRequest request) {
        return JsonMethods$.MODULE$.fromJsonNode(tab.json(request.getParameter("fit")));
    }
}
