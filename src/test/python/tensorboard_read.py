"""Lists what TensorBoard's own reader finds in the folders under FOLDER: tags, steps, values, hyper-parameters, graphs.

    pip install tensorboard
    python3 src/test/python/tensorboard_read.py FOLDER

Run by hand, never by Maven.
"""

import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import STORE_EVERYTHING_SIZE_GUIDANCE, EventAccumulator
from tensorboard.plugins.hparams import metadata, plugin_data_pb2


def read(folder):
    events = EventAccumulator(str(folder), size_guidance=STORE_EVERYTHING_SIZE_GUIDANCE).Reload()
    tags = events.Tags()
    for tag in tags["scalars"]:
        points = events.Scalars(tag)
        ends = points if len(points) < 4 else [*points[:2], points[-1]]
        print(f"  scalar    {tag}: {len(points)} points,", ", ".join(f"{p.step}: {p.value:.6g}" for p in ends))
    for tag in tags["histograms"]:
        last = events.Histograms(tag)[-1]
        value = last.histogram_value
        print(
            f"  histogram {tag}: {len(events.Histograms(tag))} steps, {last.step}: {value.num:.0f} values from"
            f" {value.min:.4g} to {value.max:.4g} in {len(value.bucket)} buckets that hold {sum(value.bucket):.0f}"
        )
    for tag in tags["tensors"]:
        content = events.SummaryMetadata(tag).plugin_data.content
        if tag.startswith("_hparams_/"):
            data = plugin_data_pb2.HParamsPluginData.FromString(content)
            assert data.version == metadata.PLUGIN_DATA_VERSION
            print(f"  hparams   {tag}:", end=" ")
            print(", ".join(f"{name}={getattr(value, value.WhichOneof('kind'))}"
                            for name, value in sorted(data.session_start_info.hparams.items()))
                  or f"status {data.session_end_info.status}")
    if tags["graph"]:
        print("  graph    ", "; ".join(f"{n.name} ({n.op}) <- {', '.join(n.input)}" for n in events.Graph().node))


def main(root):
    folders = sorted({file.parent for file in pathlib.Path(root).rglob("*tfevents*")})
    for folder in folders:
        print(folder)
        read(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
