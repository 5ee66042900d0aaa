package dev.kindling.ml.pipeline;

import org.apache.spark.sql.types.DataType;

/**
 * A column of a pipeline in a graph.
 *
 * @param value its value in the graph: (rows, width) doubles, NaN where one is missing or refused; (rows, 1) strings of a raw text;
 *     (rows, 1) zeros, NaN in rows that are refused, of a vector without numbers
 * @param width of a vector; else 1
 * @param type in Spark
 */
record GraphColumn(String value, int width, DataType type) {}
