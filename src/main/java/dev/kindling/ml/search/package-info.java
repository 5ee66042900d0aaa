/**
 * The search for an estimator's params: {@link dev.kindling.ml.search.MlpSearch} tries maps of params that {@link
 * dev.kindling.ml.search.RandomParamGrid} draws, and returns a {@link dev.kindling.ml.search.SearchResult}. How trials share rounds and
 * are compared is package {@code search}, which knows no estimators.
 */
@NullMarked
package dev.kindling.ml.search;

import org.jspecify.annotations.NullMarked;
