"""Config `tokens`: the words of each sentence, and the keywords of each article."""

from collections.abc import Iterator
from itertools import chain, groupby

import pyarrow as pa

from builder.publish import features
from builder.words import Lexicon, WordSettings, cutter, keywords, tagged_words


def tokens(sentences: pa.Table, settings: WordSettings, lexicon: Lexicon) -> pa.Table:
    """Rows of the config `sentences` -> a row each, in the same order: words that join to the sentence."""
    schema = features.TOKENS.schema
    texts = sentences["text"].to_pylist()
    cut = cutter(lexicon)
    tagged = [tagged_words(text, lexicon) for text in texts] if settings.pos else [None] * len(texts)
    pairs = [None if words is None else [{"word": word, "tag": tag} for word, tag in words] for words in tagged]
    columns = {
        "article_id": sentences["article_id"],
        "index": sentences["index"],
        "tokens": pa.array([cut(text) for text in texts], schema.field("tokens").type),
        "jieba_posseg": pa.array(pairs, schema.field("jieba_posseg").type),
    }
    return pa.table([columns[name] for name in schema.names], schema=schema)


def keywords_of(table: pa.Table, settings: WordSettings, lexicon: Lexicon) -> dict[str, list[str]]:
    """Rows of the config `tokens`, sorted by article -> the keywords of each article, by its id."""
    return {
        article_id: keywords(chain.from_iterable(words), settings.keywords, lexicon)
        for article_id, words in _by_article(table)
    }


def _by_article(table: pa.Table) -> Iterator[tuple[str, list[list[str]]]]:
    rows = zip(table["article_id"].to_pylist(), table["tokens"].to_pylist(), strict=True)
    for article_id, group in groupby(rows, key=lambda row: row[0]):
        yield article_id, [words for _, words in group]
