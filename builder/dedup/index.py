"""
An index of texts that were searched before, so that new ones can be added without the old ones.

One Arrow file, read through a memory map. A text takes 2 bytes a letter of its key (at most 130 kB), some 200 bytes
for its sketch, and its ids.
"""

from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from builder.dedup.keys import Keys, table_digest
from builder.dedup.ragged import U64, Bools
from builder.dedup.settings import DedupSettings
from builder.dedup.shingles import Sketches
from builder.dedup.texts import Texts
from builder.errors import BuilderError


class Indexed(NamedTuple):
    """What an index knows of its texts, a row a text."""

    ids: pa.ChunkedArray
    texts: Texts
    clusters: U64
    templates: U64  # 0: none
    kept: Bools


def write_index(path: Path, known: Indexed, settings: DedupSettings) -> None:
    """Write an index; the file appears whole or not at all."""
    texts = known.texts
    keys = texts.keys if isinstance(texts.keys, Keys) else texts.keys.whole()
    symbols, offsets = (pa.py_buffer(np.ascontiguousarray(part)) for part in (keys.symbols, 2 * keys.offsets))
    columns = {
        "id": pa.concat_arrays(known.ids.chunks),
        "digest": pa.array(texts.digests),
        "n_letters": pa.array(texts.lengths),
        "symbols": pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(keys), [None, offsets, symbols]),
        "sketch": pa.LargeListArray.from_arrays(texts.sketches.offsets, texts.sketches.hashes),
        "level": pa.array(texts.sketches.levels),
        "cluster": pa.array(known.clusters),
        "template": pa.array(known.templates),
        "kept": pa.array(known.kept),
    }
    batch = pa.record_batch(columns)  # one batch, so that reading copies nothing
    unfinished = path.with_name(path.name + ".tmp")
    schema = batch.schema.with_metadata({"made_by": made_by(settings)})
    with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(batch.replace_schema_metadata(schema.metadata))
    unfinished.replace(path)


def read_index(path: Path, settings: DedupSettings) -> Indexed:
    """Read an index; BuilderError when the file is none, or was made by other settings."""
    try:
        file = pa.ipc.open_file(pa.memory_map(str(path)))
        batch = file.get_batch(0)
    except (OSError, pa.ArrowInvalid) as error:
        raise BuilderError(f"{path} is no index of `zhnews dedupe`: {error}") from error
    found = (file.schema.metadata or {}).get(b"made_by", b"").decode()
    if found != made_by(settings):
        raise BuilderError(
            f"{path} was made by other settings or another version; its clusters do not go with these. Make it anew.\n"
            f"  index:    {found or 'unknown'}\n  settings: {made_by(settings)}"
        )
    symbols, sketch = batch["symbols"], batch["sketch"]
    offsets = np.frombuffer(symbols.buffers()[1], np.int64)[: len(symbols) + 1]
    keys = Keys(np.frombuffer(symbols.buffers()[2] or b"", np.uint16), offsets // 2)
    sketches = Sketches(np.asarray(sketch.flatten()), np.asarray(sketch.offsets), np.asarray(batch["level"]))
    texts = Texts(keys, np.asarray(batch["n_letters"]), np.asarray(batch["digest"]), sketches)
    return Indexed(
        pa.chunked_array([batch["id"]]),
        texts,
        np.asarray(batch["cluster"]),
        np.asarray(batch["template"]),
        np.asarray(batch["kept"]),
    )


def made_by(settings: DedupSettings) -> str:
    """What two searches must share for their clusters to go together: settings, without `keep`, and the key table."""
    values = {name: value for name, value in asdict(settings).items() if name != "keep"}
    return f"{values} key table {table_digest()[:16]}"
