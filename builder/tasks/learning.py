"""The configs that are made of rows of the config `articles`, and of nothing else."""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa

from builder.publish.configs import OF_ARTICLE, Config
from builder.publish.learning import CLASSIFICATION, HEADLINE, SUMMARIZATION
from builder.tasks import classification, headline, summarization


class Task(NamedTuple):
    """
    A config, and how its rows come of rows of `articles`.

    Attributes:
        find: for each article what its row is made of, or, a string, the reason why it is left out.
        rows: of articles and what was found, the rows of the config.
    """

    config: Config
    find: Callable[[pa.Table], list[Any]]
    rows: Callable[[pa.Table, list[Any]], pa.Table]

    def make(self, articles: pa.Table) -> pa.Table:
        """Rows of the config `articles` -> a row of this config for each that is not left out, in the same order."""
        return self.rows(articles, self.find(articles))


def reasons(found: list[Any]) -> "Counter[str]":
    """Count the articles left out, by reason, in what the `find` of a task gives."""
    return Counter(each for each in found if isinstance(each, str))


#: The columns of `articles` that the tasks read.
NEEDS = (
    *OF_ARTICLE,
    "title",
    "text",
    "description",
    "n_chars",
    "partial",
    "paragraphs",
    "dateline",
    "category",
    "category_origin",
)

TASKS = (
    Task(HEADLINE, headline.pairs, headline.headline),
    Task(SUMMARIZATION, summarization.summaries, summarization.summarization),
    Task(CLASSIFICATION, classification.categories, classification.classification),
)
