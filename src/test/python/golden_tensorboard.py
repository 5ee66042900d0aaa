"""Writes src/test/resources/golden/tensorboard.events: a file of events as TensorBoard's own code encodes and frames it.

    pip install tensorboard
    python3 src/test/python/golden_tensorboard.py

Run by hand, never by Maven; EventFileTest writes the same events and compares the bytes. Numbers are exact in binary, so
that both sides' arithmetic agrees to the bit.
"""

import pathlib

import numpy as np
from tensorboard import data_compat
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams.metadata import NULL_TENSOR, SESSION_END_INFO_TAG, create_summary_metadata
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util

FILE = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "tensorboard.events"
TIME = 1700000000.25
WEIGHTS = [-1.5, -1.5, -1.375, 0.0, 0.0625, 0.125, 0.25, 1.0, 2.125, 2.25]
BUCKETS = 30
OUTPUTS = [-0.5, -0.5, -0.5, -0.25, 0.25, 1.0, 1.25, 1.5]


def event(step=0, **content):
    return event_pb2.Event(wall_time=TIME, step=step, **content)


def histogram(values):
    width = (max(values) - min(values)) / BUCKETS
    counts, edges = np.histogram(values, BUCKETS)
    assert list(edges) == [min(values) + i * width for i in range(BUCKETS + 1)]
    return summary_pb2.HistogramProto(
        min=min(values),
        max=max(values),
        num=len(values),
        sum=sum(values),
        sum_squares=sum(x * x for x in values),
        bucket_limit=edges[1:],
        bucket=counts,
    )


def counted(values):
    """In 8 bins, and without the sums: TensorBoard's migration looks at the buckets alone."""
    counts, edges = np.histogram(values, 8)
    return summary_pb2.HistogramProto(
        min=min(values), max=max(values), num=len(values), bucket_limit=edges[1:], bucket=counts
    )


def summary():
    values = [
        summary_pb2.Summary.Value(tag="epoch_loss", simple_value=0.1),
        summary_pb2.Summary.Value(tag="epoch_accuracy", simple_value=0.0),
        summary_pb2.Summary.Value(tag="dense1/weight", histo=histogram(WEIGHTS)),
        summary_pb2.Summary.Value(tag="activation/tanh1", histo=counted(OUTPUTS)),
    ]
    # what TensorBoard makes of the older form is what TensorFlow 2 writes
    migrated = tensor_util.make_ndarray(data_compat.migrate_value(values[2]).tensor)
    newer = tensor_util.make_ndarray(histogram_pb("dense1/weight", WEIGHTS).value[0].tensor)
    assert np.array_equal(migrated, newer)
    buckets = tensor_util.make_ndarray(data_compat.migrate_value(values[3]).tensor)
    assert buckets[:, 2].sum() == len(OUTPUTS) and buckets[0, 0] == min(OUTPUTS) and buckets[-1, 1] == max(OUTPUTS)
    return summary_pb2.Summary(value=values)


def session_end():
    end = plugin_data_pb2.SessionEndInfo(status="STATUS_SUCCESS", end_time_secs=TIME)
    metadata = create_summary_metadata(plugin_data_pb2.HParamsPluginData(session_end_info=end))
    return summary_pb2.Summary(
        value=[summary_pb2.Summary.Value(tag=SESSION_END_INFO_TAG, metadata=metadata, tensor=NULL_TENSOR)]
    )


def session_start():
    start = hparams_pb({"batch_size": 64, "optimizer": "adam"}, trial_id="", start_time_secs=TIME)
    # a map's order is as it comes: sorted, as ours is
    plugin = start.value[0].metadata.plugin_data
    data = plugin_data_pb2.HParamsPluginData.FromString(plugin.content)
    plugin.content = data.SerializeToString(deterministic=True)
    return start


def shapes(width):
    shape = {"dim": [{"size": -1}, {"size": width}]}
    return {"list": {"shape": [shape]}}


def graph():
    """4 inputs: dense(3) residual([relu]), softmax cross-entropy."""

    def node(name, op, inputs=(), **attr):
        return graph_pb2.GraphDef().node.add(name=name, op=op, input=inputs, attr=attr)

    def layer(name, op, before, spec, parameters, width):
        return node(
            name, op, [before], _output_shapes=shapes(width), parameters={"i": parameters}, spec={"s": spec.encode()}
        )

    return graph_pb2.GraphDef(
        node=[
            node("features", "Placeholder", _output_shapes=shapes(4)),
            layer("dense1", "dense", "features", "dense(3)", 15, 3),
            layer("residual1/relu1", "relu", "dense1", "relu", 0, 3),
            node("residual1/add", "add", ["dense1", "residual1/relu1"], _output_shapes=shapes(3)),
            node("labels", "Placeholder"),
            node("loss", "softmaxCrossEntropy", ["residual1/add", "labels"], spec={"s": b"softmaxCrossEntropy"}),
        ]
    )


def main():
    log = event_pb2.SessionLog(status="START")
    events = [
        event(
            file_version="brain.Event:2",
            source_metadata=event_pb2.SourceMetadata(writer="dev.kindling.diagnose"),
        ),
        event(graph_def=graph().SerializeToString(deterministic=True)),
        event(step=300, session_log=log),
        event(step=300, summary=summary()),
        event(step=301, summary=session_start()),
        event(step=301, summary=session_end()),
    ]
    with FILE.open("wb") as file:
        records = RecordWriter(file)
        for each in events:
            records.write(each.SerializeToString(deterministic=True))
    print(FILE, FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
