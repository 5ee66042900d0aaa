/**
 * Multi-layer perceptrons, trained data-parallel on Apache Spark.
 *
 * <p>Imports point one way only, from the top of this list to the bottom; {@code HouseTest} checks it, and says for each
 * package who may use it:
 *
 * <pre>
 * job, job.io                            commands; files
 * ml, ml.internal, ml.columns, ml.params estimators and models; how; their columns and params
 * table                                  a raw table's columns as features
 * live, teach                            the tab in the Spark UI; the demo
 * search, check, tensorboard, report     trials; checks before training; event files; pages
 * train                                  the training loop
 * checkpoint                             the state of a run, and its files
 * engine                                 sums over shards
 * data                                   packed, cached shards
 * spark                                  job scopes, wire forms
 * optim                                  optimizers, schedules
 * nn                                     layers, networks
 * loss                                   losses, metrics
 * spec                                   the spelling of configurations
 * linalg                                 matrix products, randomness, argument checks
 * </pre>
 *
 * From {@code linalg} to {@code optim} nothing knows Spark. Up to {@code live}, packages import spark-core only; {@code ml}
 * adds spark-sql and spark-mllib. Three kinds of thing are never mixed in one class: configuration (immutable records that
 * check themselves), state (plain arrays and counters: what a checkpoint holds) and scratch (a workspace per task, never
 * serialised).
 */
@NullMarked
package dev.kindling;

import org.jspecify.annotations.NullMarked;
