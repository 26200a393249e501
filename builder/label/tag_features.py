"""
What the elements around a line say, as numbers: their names, and what else stands in the same container.

A text dump has no elements: all of these are 0 there, and `page:html` says so.
"""

import numpy as np

from builder.label.line_features import Floats
from builder.label.paths import PATH_FEATURES, PLACES, Paths
from builder.records import Block

_IN_CONTAINER = ("count", "size", "link", "prose", "headline", "nav", "ago", "sentence", "mass")
_SEEN_PROSE = 2

TAG_FEATURES = (
    *PATH_FEATURES,
    *("dom:link", "dom:linked", "dom:hidden", "dom:media", "dom:any media", "dom:media below"),
)
CONTAINER_FEATURES = tuple(f"dom:{place} {name}" for place in PLACES for name in _IN_CONTAINER)


def tag_features(blocks: list[Block], paths: Paths, link: Floats) -> Floats:
    """
    Names of the elements around each block, links and pictures; shape (blocks, len(TAG_FEATURES)).

    Args:
        link: share of each block inside links.
    """
    hidden = [block.hidden for block in blocks]
    media = np.minimum([block.media for block in blocks], 4).astype(np.float32)
    below = np.append(media[1:], 0) > 0
    link32 = link.astype(np.float32)
    rest = np.array((link32, link32 > 0.8, hidden, media / 4, media > 0, below), np.float32)
    return np.concatenate((paths.features.take(paths.of_block, axis=0), rest.T), axis=1)


def container_features(paths: Paths, seen: Floats) -> Floats:
    """
    How many lines stand in each container around a block, and what they are like on average.

    Args:
        seen: what to average, shape (blocks, 7): size, link, prose, headline, nav, ago, sentence.

    Returns:
        Shape (blocks, len(CONTAINER_FEATURES)): for each place the logarithm of the number of lines, the averages,
        and the share of all paragraphs of the page; 0 where there is no such container.
    """
    flat = paths.containers.ravel()
    order = np.argsort(flat, kind="stable")
    opens = np.diff(flat[order], prepend=-1) > 0
    numbers = np.empty(len(flat), np.int64)
    numbers[order] = np.cumsum(opens) - 1
    # Blocks are added up by path first, for a page has twice as many.
    width = 1 + seen.shape[1]
    cells = paths.of_block[:, None] * width + np.arange(width)
    lines = np.concatenate((np.ones((len(seen), 1)), seen), axis=1)
    by_path = np.bincount(cells.ravel(), weights=lines.ravel()).reshape(-1, width)
    sums = np.add.reduceat(by_path.take(order // len(PLACES), axis=0), np.flatnonzero(opens), axis=0)
    counts = sums[:, 0]
    mass = sums[:, 1 + _SEEN_PROSE] / max(float(seen[:, _SEEN_PROSE].sum()), 1e-3)
    table = np.column_stack((np.log1p(counts), sums[:, 1:] / counts[:, None], mass)).astype(np.float32)
    if not flat[order[0]]:  # no container
        table[0] = 0
    return table.take(numbers, axis=0).reshape(len(paths.names), -1).take(paths.of_block, axis=0)
