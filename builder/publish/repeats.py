"""Is the column `paragraph_articles` what a recount over all published articles gives?"""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from builder.dedup.keys import digests_of, keys_of
from builder.dedup.paragraphs import MIN_LETTERS
from builder.dedup.ragged import I64, U64, first_of_run
from builder.dedup.texts import STEP_TEXTS
from builder.publish.features import ARTICLES
from builder.publish.stats import files_of


def find_miscounted(folder: Path) -> list[str]:
    """
    Return the articles of a release with a paragraph that stands in more or fewer published articles than they say.

    Articles with more or fewer counts than lines are passed over: `check_articles` tells them. Memory is 28 bytes a
    paragraph.
    """
    ids: list[str] = []
    digests, homes, stated = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for path in files_of(folder, ARTICLES):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(STEP_TEXTS, columns=["article_id", "text", "paragraph_articles"]):
                lines = pc.split_pattern(batch["text"], "\n")
                same = pc.equal(pc.list_value_length(lines), pc.list_value_length(batch["paragraph_articles"]))
                rows, lines = batch.filter(same), lines.filter(same)
                paragraphs = pc.list_flatten(lines)
                keys = keys_of(paragraphs)
                long = keys.lengths >= MIN_LETTERS
                counts = np.asarray(pc.list_flatten(rows["paragraph_articles"]), np.int64)
                home = np.asarray(pc.list_parent_indices(lines), np.int64) + len(ids)
                digests.append(digests_of(paragraphs, keys)[long])
                homes.append(home[long])
                stated.append(counts[long])
                ids += rows["article_id"].to_pylist()
    home, said = np.concatenate(homes), np.concatenate(stated)
    found = _articles_with(np.concatenate(digests), home)
    wrong = {int(home[i]): f"{ids[home[i]]} ({said[i]}, recounted {found[i]})" for i in np.flatnonzero(said != found)}
    return list(wrong.values())


def _articles_with(paragraph: U64, article: I64) -> I64:
    """For each paragraph in an article, shape (n,), in how many articles it stands."""
    order = np.lexsort((article, paragraph))
    first = first_of_run(paragraph[order])
    group = np.cumsum(first) - 1
    n_articles = np.bincount(group[first | first_of_run(article[order])])
    found = np.empty(len(order), np.int64)
    found[order] = n_articles[group]
    return found
