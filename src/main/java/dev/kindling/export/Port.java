package dev.kindling.export;

/**
 * An input or output of a graph.
 *
 * @param columns its shape is (rows, columns) or, where this is 0, (rows)
 */
public record Port(String name, Element element, int columns) {}
