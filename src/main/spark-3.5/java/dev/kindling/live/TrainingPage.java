package dev.kindling.live;

import dev.kindling.spark.PageFrame;
import javax.servlet.http.HttpServletRequest;
import org.apache.spark.ui.WebUIPage;
import org.json4s.JsonAST.JValue;
import org.json4s.jackson.JsonMethods$;
import scala.collection.immutable.List;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The tab's page, as Spark 3.5 asks for it: with {@code javax.servlet} and its json4s. */
final class TrainingPage extends WebUIPage {
    private final TrainingTab tab;

    TrainingPage(TrainingTab tab) {
        super("");
        this.tab = tab;
    }

    @Override
    public List<Node> render(HttpServletRequest request) {
        Node content = new Unparsed(tab.content(request.getParameter("fit")));
        return PageFrame.around(request, "Training", content, tab);
    }

    @Override
    public JValue renderJson(HttpServletRequest request) {
        return JsonMethods$.MODULE$.fromJsonNode(tab.json(request.getParameter("fit")));
    }
}
