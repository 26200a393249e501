"""What the checks of a shard hand on: what stands between pages is told when all shards were seen."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish.columns import rows_of


@dataclass(slots=True)
class Seen:
    """
    What some shards held.

    Attributes:
        sides: text_sha256 and title of each article that may stand in a pair: not alone in its cluster or template.
        copies: what each dropped page gave way to.
        compared: by dropped page, the page whose comparison decided over it.
        parts: by later page of an article over several, that article.
        left_out: by learning config, the articles that are not in it, by reason.
    """

    sides: dict[str, tuple[str, str]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    compared: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, later: "Seen") -> None:
        """Take in what a later shard held."""
        self.sides |= later.sides
        self.copies |= later.copies
        self.compared |= later.compared
        self.parts |= later.parts
        for config, reasons in later.left_out.items():
            self.left_out.setdefault(config, Counter()).update(reasons)

    def add_sides(self, articles: pa.Table) -> None:
        """Note rows of the config `articles` that may stand in a pair."""
        related = articles.filter(pc.or_(pc.greater(articles["cluster_size"], 1), articles["template_id"].is_valid()))
        self.sides |= {page: (text, title) for page, text, title in rows_of(related, "page_id", "text_sha256", "title")}
