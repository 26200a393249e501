"""Components: which texts the verified edges join."""

import numpy as np

from builder.dedup.ragged import I64, Bools


def join(labels: I64, left: I64, right: I64) -> I64:
    """
    Join the components of `left[i]` and `right[i]`, for every edge i.

    Args:
        labels: component of each text: the smallest text of it, shape (texts,). `np.arange(texts)` to begin with.

    Returns:
        New labels, of the same kind. Ten million edges take seconds.

    Source: hooking and pointer jumping, Y. Shiloach and U. Vishkin, 1982.
    """
    labels = labels.copy()
    while True:
        a, b = labels[left], labels[right]
        apart = a != b
        if not apart.any():
            return labels
        left, right, a, b = left[apart], right[apart], a[apart], b[apart]
        np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))
        while True:
            shorter = labels[labels]
            if (shorter == labels).all():
                break
            labels = shorter


def families(labels: I64, left: I64, right: I64) -> tuple[I64, Bools]:
    """
    Family of each text: components joined by the edges of templates, which join no clusters.

    Returns:
        The smallest text of each text's family; and whether the family has more than one component. Each (texts,).
    """
    family = join(labels, left, right)
    components = np.bincount(family[labels == np.arange(len(labels))], minlength=len(labels))
    return family, components[family] > 1
