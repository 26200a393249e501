#!/usr/bin/env python3
"""
Near-duplicate search beside the tools people use today, in one run: CPU, memory, and quality where labels are given.

    python tests/benchmarks/dedup.py DOCS.parquet [LABELS.parquet] [--systems zhnews rensa …]

DOCS has columns id and text; LABELS id and cluster, and may have kind ("hard": a story of the template of another) and
origin (the row of that other).
Every system runs in a process of its own, from Parquet to clusters in Parquet; CPU is that of the process and all its
children. The peers take 5-character shingles, 128 hashes and a threshold of .7, datatrove its defaults for Chinese. One
that is not installed is named and left out: pip install rensa gaoya 'datatrove[processing]' jieba

"Lost" are stories none of whose texts is kept when one text a cluster is; "leaked" are texts of a test split, drawn by
cluster, that have a copy in train; "merged" are stories of a template in the cluster of the other.
"""

import argparse
import importlib.metadata
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))

THRESHOLD, HASHES, BANDS = 0.7, 128, 32


def zhnews(docs: Path, out: Path) -> None:
    """Write clusters and edges, as `zhnews dedupe` does."""
    from builder.dedup.search import dedupe_file
    from builder.dedup.settings import DedupSettings

    dedupe_file(docs, out, DedupSettings())


def rensa(docs: Path, out: Path) -> None:
    """Pair each text with those before it."""
    from rensa import RMinHash, RMinHashLSH

    table = pq.read_table(docs, columns=["id", "text"])
    lsh = RMinHashLSH(THRESHOLD, HASHES, BANDS)
    hashes, pairs = [], []
    for row, text in enumerate(table["text"].to_pylist()):
        signature = RMinHash(HASHES, 42)
        signature.update([text[i : i + 5] for i in range(max(1, len(text) - 4))])
        pairs += [(other, row) for other in lsh.query(signature) if signature.jaccard(hashes[other]) >= THRESHOLD]
        lsh.insert(row, signature)
        hashes.append(signature)
    write_clusters(table, pairs, out)


def gaoya(docs: Path, out: Path) -> None:
    """Pair each text with those before it."""
    from gaoya.minhash import MinHashStringIndex

    table = pq.read_table(docs, columns=["id", "text"])
    index = MinHashStringIndex(32, THRESHOLD, BANDS, HASHES // BANDS, None, "char", True, (5, 5), "vec")
    pairs = []
    for row, text in enumerate(table["text"].to_pylist()):
        pairs += [(other, row) for other in index.query(text)]
        index.insert_document(row, text)
    write_clusters(table, pairs, out)


def datatrove(docs: Path, out: Path) -> None:
    """Run its three stages, one process after another."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets, MinhashDedupCluster
    from datatrove.pipeline.dedup.minhash import MinhashDedupSignature as Signature
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.utils.typeshelper import Languages

    config = MinhashConfig()
    with tempfile.TemporaryDirectory() as folder:
        sigs, buckets, found = (f"{folder}/{name}" for name in ("sigs", "buckets", "found"))
        reader = ParquetReader(str(docs.parent), glob_pattern=docs.name)
        stages = [
            (1, [reader, Signature(sigs, config, Languages.mandarin_chinese)]),
            (config.num_buckets, [MinhashDedupBuckets(sigs, buckets, config=config)]),
            (1, [MinhashDedupCluster(buckets, found, config, save_cluster_id=True)]),
        ]
        for number, (tasks, pipeline) in enumerate(stages):
            LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/log{number}").run()
        clusters = Path(found, "000000.clusters").read_bytes()
    first: dict[int, int] = {}
    pairs = [(first.setdefault(cluster, row), row) for row, cluster in struct.iter_unpack("<2I", clusters)]
    write_clusters(pq.read_table(docs, columns=["id"]), pairs, out)


SYSTEMS: dict[str, Callable[[Path, Path], None]] = {f.__name__: f for f in (zhnews, rensa, gaoya, datatrove)}


def write_clusters(table: pa.Table, pairs: Sequence[tuple[int, int]], out: Path) -> None:
    """Write the components that the pairs of rows make."""
    from builder.dedup.components import join

    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    labels = join(np.arange(table.num_rows), left, right)
    pq.write_table(pa.table({"id": table["id"], "cluster_id": labels}), out)


def score(labels: pa.Table, clusters: pa.Table) -> dict[str, float]:
    """Quality of clusters by labels, as shares."""
    place = {id_: row for row, id_ in enumerate(clusters["id"].to_pylist())}
    rows = np.array([place[id_] for id_ in labels["id"].to_pylist()])
    found = np.unique(np.array(clusters["cluster_id"].to_pylist())[rows], return_inverse=True)[1].astype(np.int64)
    story = np.unique(labels["cluster"].to_numpy(), return_inverse=True)[1].astype(np.int64)

    def pairs(groups: np.ndarray) -> int:
        sizes = np.unique(groups, return_counts=True)[1]
        return int((sizes * (sizes - 1) // 2).sum())

    both = pairs(story * (found.max() + 1) + found)
    precision, recall = both / max(pairs(found), 1), both / max(pairs(story), 1)
    kept = np.unique(found, return_index=True)[1]
    n_stories = story.max() + 1
    in_test = np.random.default_rng(1).random(found.max() + 1)[found] < 0.1
    trained = np.zeros(n_stories, np.bool_)
    trained[story[~in_test]] = True
    quality = {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(precision + recall, 1e-9),
        "lost": 1 - len(np.unique(story[kept])) / n_stories,
        "leaked": float(trained[story[in_test]].mean()),
    }
    if {"kind", "origin"} <= set(labels.column_names):
        hard = np.array(labels["kind"].to_pylist()) == "hard"
        quality["merged"] = float((found[hard] == found[labels["origin"].to_numpy()[hard]]).mean())
    return quality


def measure(system: str, docs: Path, out: Path) -> tuple[float, float, float]:
    """Run a system in a process of its own: CPU seconds, wall seconds, peak memory in MB."""
    began = time.perf_counter()
    command = [sys.executable, __file__, str(docs), "--only", system, "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        lines = process.stderr.read().decode().strip().splitlines() if process.stderr else []
        raise RuntimeError(lines[-1] if lines else f"status {status}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1024


def main() -> None:
    """Print a line a system."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--only", choices=SYSTEMS, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        SYSTEMS[args.only](args.docs, args.out)
        return
    n = pq.read_metadata(args.docs).num_rows
    print(f"{n} texts, {args.docs}")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "clusters.parquet")
        for system in args.systems:
            try:
                name = system if system == "zhnews" else f"{system} {importlib.metadata.version(system)}"
                cpu, wall, memory = measure(system, args.docs.resolve(), out)
            except (ImportError, RuntimeError) as why:
                print(f"{system:18} not run: {why}")
                continue
            line = f"{name:18} {cpu / n * 1e4:6.2f} CPU s / 10k   {wall:6.1f} s   {memory:5.0f} MB"
            if args.labels:
                quality = score(pq.read_table(args.labels), pq.read_table(out))
                line += "   " + "  ".join(f"{key} {value:.4f}" for key, value in quality.items())
            print(line, flush=True)


if __name__ == "__main__":
    main()
