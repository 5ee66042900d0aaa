// What a user types into spark-shell. .ci/platforms hands it over.
import dev.kindling.ml.MlpClassifier
import org.apache.spark.ml.feature.VectorAssembler

val rows = spark.range(200).selectExpr("id % 2 * 3 + id % 5 * 0.3 as height", "double(id % 3) as leaf", "double(id % 2) as label")
val table = new VectorAssembler().setInputCols(Array("height", "leaf")).setOutputCol("features").transform(rows)
val model = new MlpClassifier().setMembers(1).setHiddenLayers(8).setMaxIter(40).setStepSize(0.03).setSeed(1).fit(table)
val right = model.transform(table).where("prediction = label").count()
println(s"spark-shell: $right of 200 are right")
