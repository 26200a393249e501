"""What `verify` remembers of the shards that it has read: what stands between articles cannot be told from one."""

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from builder.publish.columns import rows_of


@dataclass(slots=True)
class Seen:
    """
    What earlier shards held.

    Attributes:
        articles: shard of each article.
        sides: text_sha256 and title of each article that may stand in a pair: not alone in its cluster or template.
        clusters: split of each cluster.
        sizes: pages that the articles of a cluster say are in it, where that is not one.
        members: pages that there are of a cluster beside its first article.
        copies: what each dropped page gave way to.
        compared: by dropped page, the page whose comparison decided over it.
        parts: by later page of an article over several, that article.
        left_out: by learning config, the articles that are not in it, by reason.
    """

    articles: dict[str, str] = field(default_factory=dict)
    sides: dict[str, tuple[str, str]] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    members: Counter[str] = field(default_factory=Counter)
    copies: dict[str, str] = field(default_factory=dict)
    compared: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)

    def split_of(self, page_id: str) -> str | None:
        """The split of a published page, or of a copy; None when there is no such page."""
        shard = self.articles.get(page_id) or self.articles.get(self.copies.get(page_id, ""))
        return shard and shard.partition("-")[0]

    def add_sides(self, articles: pa.Table) -> None:
        """Note rows of the config `articles` that may stand in a pair."""
        related = articles.filter(pc.or_(pc.greater(articles["cluster_size"], 1), articles["template_id"].is_valid()))
        self.sides |= {page: (text, title) for page, text, title in rows_of(related, "page_id", "text_sha256", "title")}
