"""Pages that people corrected on the review page, to learn from: a file of corrections, and the pages they are on."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np

from builder.label.corpus import Example, align, both_renderings, site_in
from builder.label.gold import Correction, block_places, read_corrections
from builder.parse import parse_page
from builder.privacy import mask_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import ROLES, Page


def read_corrected(
    corrections: Path, pages: Sequence[str], base: Path, read: ReadSettings | None = None
) -> tuple[list[Example], list[Correction]]:
    """
    Read the corrected pages among `pages` (files, folders, globs), by the order of their sources.

    A page of which every line was judged is learnt from in both renderings; another as it is, its other lines unknown.

    Returns:
        The examples, and the corrections that no line of any page matches.
    """
    gold = read_corrections(corrections)
    found: list[Example] = []
    matched: set[tuple[str, str, int]] = set()
    taken: set[str] = set()
    for item in (each for i in find_inputs(pages, base) for each in read_input(i, read or ReadSettings())):
        if not isinstance(item, Page) or item.page_id not in gold or item.page_id in taken:
            continue
        taken.add(item.page_id)
        roles = {correction.place: correction.role for correction in gold[item.page_id]}
        parsed = parse_page(item)
        # People judged masked text; the model learns from the text as it is, like the one it will label.
        masked = deepcopy(parsed)
        mask_page(masked.blocks, masked.head)
        places = [(item.page_id, *place) for place in block_places(block.text for block in masked.blocks)]
        matched.update(place for place in places if place in roles)
        judged = [(block.text, roles[p]) for block, p in zip(parsed.blocks, places, strict=True) if p in roles]
        lines, labels = [text for text, _ in judged], [role for _, role in judged]
        if len(judged) == len(places):
            found += both_renderings(item.page_id, item, lines, labels, invented=False)
        elif judged:
            numbers = np.array([ROLES.index(roles[place]) if place in roles else -1 for place in places])
            found.append(
                Example(
                    item.page_id,
                    item.media_type == "text/html",
                    parsed,
                    numbers,
                    lines,
                    np.array([ROLES.index(role) for role in labels]),
                    align(lines, [b.text if n >= 0 else "" for b, n in zip(parsed.blocks, numbers, strict=True)]),
                    site_in(item) or item.page_id,
                )
            )
    lost = [each for page in gold.values() for each in page if each.place not in matched]
    return found, lost
