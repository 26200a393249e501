"""The configs that are made of rows of the config `articles`, and of nothing else."""

from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa

from builder.publish.configs import Config
from builder.publish.learning import CLASSIFICATION, HEADLINE, SUMMARIZATION
from builder.tasks import classification, headline, summarization


class Task(NamedTuple):
    """A config, what makes its rows of rows of `articles`, and why an article is not in it (None when it is)."""

    config: Config
    make: Callable[[pa.Table], pa.Table]
    reasons: Callable[[pa.Table], list[str | None]]


#: The columns of `articles` that the tasks read.
NEEDS = (
    "article_id",
    "title",
    "text",
    "n_chars",
    "partial",
    "paragraphs",
    "dateline",
    "category",
    "category_origin",
    "outlet",
)

TASKS = (
    Task(HEADLINE, headline.headline, headline.reasons),
    Task(SUMMARIZATION, summarization.summarization, summarization.reasons),
    Task(CLASSIFICATION, classification.classification, classification.reasons),
)
