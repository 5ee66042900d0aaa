package dev.kindling.bench;

import dev.kindling.ml.MlpClassifier;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How an epoch's seconds grow with rows, width and shards, beside the line of a linear cost: Fashion-MNIST's first rows,
 * 784-256-128-10 and four times as wide, relu, Adam, batches of 512, local[2]. Prints a table and draws
 * target/benchmark/growth.png. Arguments: [epochs].
 */
public final class Growth {
    private static final int[] ROWS = {3_750, 15_000, 60_000};
    private static final int[] WIDTHS = {1, 4};
    private static final int[] SHARDS = {2, 8, 32, 128};
    private static final Path PICTURE = Path.of("target", "benchmark", "growth.png");
    private static final Color[] COLOURS = {new Color(0x1f77b4), new Color(0xd95f02)};

    private final int epochs;
    private final SparkSession spark = Session.local(2);
    private final Table table = new Table("varied", "rows", "hidden", "shards", "by", "s an epoch", "/ linear");

    private Growth(int epochs) throws IOException {
        this.epochs = epochs;
    }

    public static void main(String[] arguments) throws IOException {
        Growth growth = new Growth(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3);
        growth.seconds(FashionMnist.train(growth.spark, ROWS[1]), 1, 2, true); // warms up
        List<XYChart> charts = List.of(growth.rowsAndWidth(), growth.shards());
        growth.table.print();
        Files.createDirectories(PICTURE.getParent());
        BitmapEncoder.saveBitmap(charts, 1, charts.size(), PICTURE.toString(), BitmapEncoder.BitmapFormat.PNG);
        System.out.println("drawn in " + PICTURE);
    }

    /** The smallest case, times the rows, times the weights: the linear cost of all others. */
    private XYChart rowsAndWidth() {
        XYChart chart = chart("Rows and width, 2 shards", "rows", ROWS);
        List<double[]> measured = new ArrayList<>();
        for (int ignored : WIDTHS) {
            measured.add(new double[ROWS.length]);
        }
        for (int i = 0; i < ROWS.length; i++) {
            Dataset<Row> train = FashionMnist.train(spark, ROWS[i]);
            for (int j = 0; j < WIDTHS.length; j++) {
                measured.get(j)[i] = seconds(train, WIDTHS[j], 2, true);
            }
            train.unpersist(true);
        }
        for (int j = 0; j < WIDTHS.length; j++) {
            double[] linear = new double[ROWS.length];
            for (int i = 0; i < ROWS.length; i++) {
                linear[i] = measured.get(0)[0] * ROWS[i] / ROWS[0] * weights(WIDTHS[j]) / weights(1);
                double ratio = measured.get(j)[i] / linear[i];
                table.add("rows, width", ROWS[i], hidden(WIDTHS[j]), 2, "threads", measured.get(j)[i], ratio);
            }
            draw(chart, "hidden " + hidden(WIDTHS[j]), measured.get(j), linear, COLOURS[j]);
        }
        return chart;
    }

    /** The same work in more pieces: the linear cost is the same. */
    private XYChart shards() {
        int rows = ROWS[1];
        XYChart chart = chart("Shards, " + rows + " rows, hidden " + hidden(1), "shards", SHARDS);
        Dataset<Row> train = FashionMnist.train(spark, rows);
        for (boolean threads : new boolean[] {true, false}) {
            String by = threads ? "threads" : "jobs";
            double[] measured = new double[SHARDS.length];
            double[] linear = new double[SHARDS.length];
            for (int i = 0; i < SHARDS.length; i++) {
                measured[i] = seconds(train, 1, SHARDS[i], threads);
                linear[i] = measured[0];
                table.add("shards", rows, hidden(1), SHARDS[i], by, measured[i], measured[i] / linear[i]);
            }
            String name = threads ? "threads of one JVM" : "a Spark job a step";
            draw(chart, name, measured, linear, COLOURS[threads ? 0 : 1]);
        }
        return chart;
    }

    private double seconds(Dataset<Row> train, int width, int shards, boolean oneJvm) {
        spark.sparkContext().setLocalProperty("spark.kindling.oneJvm", String.valueOf(oneJvm));
        return new MlpClassifier().setPreset("none")
                .setHiddenLayers(256 * width, 128 * width)
                .setBatchSize(512)
                .setMaxIter(epochs)
                .setNumShards(shards)
                .setSeed(1)
                .fit(train)
                .summary()
                .orElseThrow()
                .secondsPerEpoch();
    }

    private static String hidden(int width) {
        return 256 * width + "-" + 128 * width;
    }

    /** Of the layers between 784 inputs and 10 outputs. */
    private static double weights(int width) {
        return 784.0 * 256 * width + 256.0 * width * 128 * width + 128.0 * width * 10;
    }

    /** Its points stand side by side, each four times the one before: a logarithmic axis with their own values. */
    private static XYChart chart(String title, String x, int[] at) {
        XYChart chart = new XYChartBuilder()
                .width(720)
                .height(520)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle("seconds an epoch")
                .build();
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setLegendPosition(Styler.LegendPosition.InsideNW)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(tick -> {
            int i = (int) Math.round(tick);
            return i == tick && i >= 0 && i < at.length ? String.format(Locale.ROOT, "%,d", at[i]) : "";
        });
        return chart;
    }

    private static void draw(XYChart chart, String name, double[] measured, double[] linear, Color colour) {
        double[] x = IntStream.range(0, measured.length).asDoubleStream().toArray();
        XYSeries points = chart.addSeries(name, x, measured);
        points.setLineColor(colour);
        points.setMarkerColor(colour);
        points.setMarker(SeriesMarkers.CIRCLE);
        XYSeries line = chart.addSeries(name + ", if linear", x, linear);
        line.setLineColor(colour);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 6}, 0));
    }
}
