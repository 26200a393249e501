"""
Make `key_table.npz`, the one table by which texts are compared: `python -m builder.dedup.make_key_table`.

Needs the package `opencc` (Apache-2.0), at development time only; `pip install opencc==1.4.2` made the table shipped.
The table is data, not code, so that a key does not change with the Unicode version of the Python that runs it.
"""

import unicodedata
from pathlib import Path

import numpy as np

from builder.dedup.keys import LONGER, N_CODE_POINTS, TABLE, table_digest
from builder.dedup.ragged import U16, U32
from builder.shipped import note_digests

# Code points beyond 16 bits share the private use area, which holds no letters: keys stay 2 bytes a character.
PRIVATE_USE, PRIVATE_USE_SIZE = 0xE000, 6400

# Of the variants OpenCC knows; Japanese is left out, its table also joins characters that Chinese tells apart.
CONVERSIONS = ("s2t", "s2tw", "s2hk", "t2tw", "t2hk", "tw2s", "hk2s", "t2s")

# The marks of a title, 《红楼梦》, are letters of their own: two stories may differ in a title alone.
MARKS = {"《": "《", "〈": "《", "》": "》", "〉": "》"}

HAN = (*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x33480))


def main() -> None:
    """Write the table and print its digest, which stands in tests/dedup/test_keys.py."""
    symbol, longer, keys_of_longer = key_table(simplified())
    np.savez_compressed(TABLE, symbol=symbol, longer=longer, keys_of_longer=keys_of_longer)
    note_digests(TABLE.parent, [TABLE.name])
    print(f"{Path(TABLE).stat().st_size} bytes, sha256 {table_digest()}")  # noqa: T201


def simplified() -> dict[str, str]:
    """Map each Han character to one of its script variants, the same one for all that OpenCC converts into another."""
    import opencc

    root: dict[str, str] = {}

    def find(c: str) -> str:
        while c in root:
            c = root[c]
        return c

    converters = [opencc.OpenCC(name) for name in CONVERSIONS]
    to_simplified = converters[-1]
    for c in map(chr, HAN):
        for converter in converters:
            variant = converter.convert(c)
            a, b = find(c), find(variant)
            if len(variant) == 1 and a != b:
                # a simplified character stands for the class, so that a key can be read
                stands, yields = (a, b) if to_simplified.convert(a) == a else (b, a)
                root[yields] = stands
    return {c: find(c) for c in root}


def key_table(variants: dict[str, str]) -> tuple[U16, U32, U16]:
    """
    Tabulate `key_of` over all code points.

    Returns:
        symbol: of each code point, 0 when its key is empty, LONGER when the key has several symbols.
        longer, keys_of_longer: those code points, and the symbols of each, one row each, filled up with 0.
    """
    keys = {code: key_of(chr(code), variants) for code in range(N_CODE_POINTS)}
    symbol = np.zeros(N_CODE_POINTS, np.uint16)
    for code, key in keys.items():
        symbol[code] = folded(key) if len(key) == 1 else LONGER if key else 0
    longer = [code for code, key in keys.items() if len(key) > 1]
    keys_of_longer = np.zeros((len(longer), max(len(keys[code]) for code in longer)), np.uint16)
    for row, code in enumerate(longer):
        keys_of_longer[row, : len(keys[code])] = [folded(c) for c in keys[code]]
    return symbol, np.array(longer, np.uint32), keys_of_longer


def key_of(c: str, variants: dict[str, str]) -> str:
    """
    Key of one character: compatibility forms undone, lower case, without accents, letters, digits and title marks, one
    script.

    >>> key_of("Ａ", {}), key_of("㎡", {}), key_of("，", {}), key_of("é", {}), key_of("後", {"後": "后"})
    ('a', 'm2', '', 'e', '后')
    """
    if "가" <= c <= "힣":  # a syllable is a letter; NFKD would take it apart
        return c
    if c in MARKS:
        return MARKS[c]
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).lower())
    return "".join(variants.get(x, x) for x in lower if x.isalnum())


def folded(c: str) -> int:
    """Symbol of a character of a key, below 2**16."""
    code = ord(c)
    return code if code < 1 << 16 else PRIVATE_USE + code % PRIVATE_USE_SIZE


if __name__ == "__main__":
    main()
