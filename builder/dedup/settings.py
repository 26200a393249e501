"""Settings of the search for near-duplicates."""

from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge, Interval

from builder.dedup.keep import KeepSettings

Ratio = Annotated[float, Interval(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class DedupSettings:
    """
    [dedup] in dataset.toml.

    The defaults come from sweeps over sets of news with planted copies and templates, of 17,000 to 50,000 texts; any
    of them can be moved by a tenth at .003 of pair F1 or less. Do it again with tests/benchmarks/dedup.py.
    """

    #: Two texts are alike when their Jaccard similarity is at least this,
    min_jaccard: Ratio = 0.65
    #: or when so much of the shorter stands in the longer,
    min_containment: Ratio = 0.7
    #: and so much of it without its ends (a header, a credit, a footer are no part of the story),
    min_core: Ratio = 0.85
    #: and it is at least this part of the longer: a roundup is no copy of the briefs in it.
    min_length_ratio: Ratio = 0.25
    #: Texts of fewer shingles join as exact copies only.
    min_shingles: Annotated[int, Ge(1)] = 16

    #: Alike, and yet two stories of one template, when this share of the numbers differs between the same words, and
    #: they are so many (the more they are, the smaller a share will do; of two or three, when words differ as well);
    max_changed_facts: Ratio = 0.4
    min_facts_changed: Annotated[int, Ge(1)] = 4
    #: or when more than this share of the characters is replaced by others between the same words;
    max_substituted: Ratio = 0.07
    #: or more than this share by other names, and so many;
    max_names_substituted: Ratio = 0.01
    min_names_substituted: Annotated[int, Ge(1)] = 4
    #: or when more Chinese numerals than this differ (第三次会议, 第四次会议).
    max_numerals_changed: Annotated[int, Ge(0)] = 0

    #: Texts too different to be alike are stories of one template when so many numbers differ and this much is shared.
    min_template_containment: Ratio = 0.5

    keep: KeepSettings = field(default_factory=KeepSettings)
