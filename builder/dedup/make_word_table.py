"""
Make `word_table.npz`, the ordinary words of two characters: `python -m builder.dedup.make_word_table`.

They are taken, as keys, from the dictionary of jieba (MIT), which the package needs anyway; version 0.42.1 made the
table shipped. It is shipped so that a search does not read 5 MB of dictionary.
"""

from collections.abc import Iterable
from importlib.resources import files

import numpy as np
import pyarrow as pa

from builder.dedup.keys import keys_of
from builder.dedup.ragged import U32
from builder.dedup.wording import TABLE
from builder.shipped import note_digests

# Of jieba's tags: persons, places, organisations, other names.
NAME_TAGS = ("nr", "ns", "nt", "nz")

# Occurrences in jieba's corpus. Of pairs of news that differ in names only, 68 % are told apart with words of 30 or
# more, 71 % at 100, 75 % at 300, 79 % at 1,000; of copies with 3 % of their characters wrong, 0, .3, .8 and 2.9 % are.
MIN_COUNT = 100


def main() -> None:
    """Write the table."""
    words = ordinary_words(files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines())
    np.savez_compressed(TABLE, words=words)
    note_digests(TABLE.parent, [TABLE.name])
    print(f"{len(words)} words, {TABLE.stat().st_size} bytes")  # noqa: T201


def ordinary_words(dictionary: Iterable[str]) -> U32:
    """Words of two symbols that are no names, from lines `word count tag`: `first << 16 | second`, sorted."""
    entries = (line.split(" ") for line in dictionary)
    words = [
        entry[0]
        for entry in entries
        if len(entry) == 3 and len(entry[0]) == 2 and int(entry[1]) >= MIN_COUNT and entry[2][:2] not in NAME_TAGS
    ]
    keys = keys_of(pa.array(words))
    first = keys.offsets[:-1][keys.lengths == 2]
    symbols = keys.symbols.astype(np.uint32)
    return np.unique(symbols[first] << np.uint32(16) | symbols[first + 1])


if __name__ == "__main__":
    main()
