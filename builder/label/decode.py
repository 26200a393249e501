"""
From probabilities to roles: the choice for each block alone, corrected by what every article is like.

A page has one headline, shown once or more, and no text of its article stands above the first. An article opens with
its lede, which may be cut over several lines or stand twice (a summary, then the first paragraph); its body comes
after; and once it is over, no stray paragraph of the frame belongs to it. The likeliest labelling of this shape is
found exactly, by running sums. Readers' comments are whole, with the buttons between them.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from builder.keys import text_key
from builder.label.elements import without_looks
from builder.label.line_features import Floats, Ints
from builder.records import ROLES, Block

_NUMBER = {role: i for i, role in enumerate(ROLES)}
_TITLE, _LEDE, _BODY = _NUMBER["title"], _NUMBER["lede"], _NUMBER["body"]
_COMMENT = _NUMBER["comment"]
_FRAME = tuple(_NUMBER[role] for role in ("related", "nav", "comment", "notice"))
_CREDIT = _NUMBER["credit"]
_TEXT = tuple(_NUMBER[role] for role in ("lede", "body", "subhead"))

#: What no line can be above the lede, between its lines, in the text that follows, and below that.
_RULED_OUT = np.array(
    [
        [role in ruled_out for role in ROLES]
        for ruled_out in (("lede", "body"), ("body", "subhead"), ("lede",), ("lede", "body", "subhead"))
    ]
)
_RUNNING = 2
#: What a line of the frame inside the text costs, in nats, and a credit: the editor's name ends the text as a rule.
#: Leave-one-site-out on gold is flat from 0.3 to 0.6 for the one, and from 0.5 to 3 for the other.
_COST_OF_FRAME, _COST_OF_CREDIT = 0.5, 2.0
_COST_INSIDE = np.zeros(len(ROLES))
_COST_INSIDE[[*_FRAME, _CREDIT]] = *(_COST_OF_FRAME for _ in _FRAME), _COST_OF_CREDIT
#: What a lede of more than one line costs: two paragraphs in a row are one lede and the first of the body as a rule.
#: Leave-one-site-out on gold, HTML / dump: 0 has .68 / .60 of the pages right, 1 has .71 / .62, 2 has .73 / .66.
_COST_OF_SECOND = 2.0
#: … unless the first stands in another element than the second, as the box of a summary does. F1 of ledes in HTML is
#: .925 with 0, .929 with 1 and .924 with 2.
_COST_OF_SUMMARY = 1.0
#: So many lines of the frame between comments belong to them. F1 of comments, sites left out, HTML / dump: 0 has .895 /
#: .840, 1 has .941 / .900, 2 has .945 / .904, 3 has .950 / .911; on the layouts 3 is .004 worse than 0.
_BUTTONS = 2
#: Two headlines are one when so many of the shorter one's character pairs stand in the other.
_SAME = 0.6
#: What standing right above the lede adds to a headline: items of a feed above it look like headlines too.
_ABOVE_LEDE = 0.2
#: A headline of a dump that stands below all text, where lists of stories repeat it, must be as sure; in HTML its links
#: tell. Left out on gold and layouts, eight that are headlines are at .95 and more, one is at .51; five items of lists
#: are at .73 to .88.
_SURE_BELOW = 0.9
#: A headline with less is no landmark for the text. Leave-one-site-out on gold is the same from 0 to 0.5.
_SURE_TITLE = 0.5
#: So many candidates for the first and last line of the lede are tried.
_CANDIDATES = 60


def best_roles(probabilities: Floats, blocks: Sequence[Block]) -> Ints:
    """
    Return the number of the role of each block.

    Args:
        probabilities: shape (blocks, roles).
    """
    probabilities = _one_headline(probabilities, blocks)
    roles: Ints = probabilities.argmax(axis=1)
    logs = np.log(probabilities + 1e-6)
    for first, last in _copies(roles):
        part = slice(first, last)
        if probabilities[part][:, (_LEDE, _BODY)].sum(axis=1).max() > 0.5:
            roles[part] = _one_copy(logs[part], roles[part], probabilities[part, _LEDE], blocks[part])
    return _whole_comments(roles)


def _whole_comments(roles: Ints) -> Ints:
    """Buttons and counts between two lines of comments are of the comments, whatever they say: one or two in a row."""
    at = np.flatnonzero(roles == _COMMENT)
    for above, below in pairwise(at.tolist()):
        if 1 < below - above <= _BUTTONS + 1 and np.isin(roles[above + 1 : below], _FRAME).all():
            roles[above + 1 : below] = _COMMENT
    return roles


def chosen_probabilities(probabilities: Floats, roles: Ints) -> Floats:
    """Probability of the role given to each block; of a line inside comments that of the comments on its two sides."""
    chosen: Floats = probabilities[np.arange(len(roles)), roles]
    taken_in = (roles == _COMMENT) & (probabilities.argmax(axis=1) != _COMMENT)
    sure = np.flatnonzero((roles == _COMMENT) & ~taken_in)
    if len(sure):
        inside = np.flatnonzero(taken_in)
        below = np.searchsorted(sure, inside)
        sides = sure[(below - 1).clip(min=0)], sure[below.clip(max=len(sure) - 1)]
        chosen[inside] = np.minimum(chosen[sides[0]], chosen[sides[1]])
    return chosen


def _one_headline(probabilities: Floats, blocks: Sequence[Block]) -> Floats:
    """
    Rule out every headline but the one that most speaks for, and text of the article above its first showing.

    Leave-one-site-out on gold, two seeds: in dumps .72 of the pages are right with it, .65 without; F1 of titles in
    HTML is .99 and .98.
    """
    titles = np.flatnonzero(probabilities.argmax(axis=1) == _TITLE)
    if not len(titles):
        return probabilities
    keys = [text_key(blocks[i].text) for i in titles.tolist()]
    same = np.array([[_same_headline(one, other) for other in keys] for one in keys])
    evidence = probabilities[titles, _TITLE].copy()
    lede = int(probabilities[:, _LEDE].argmax())
    if probabilities[lede, _LEDE] > 0.5 and titles[0] < lede:
        evidence[np.flatnonzero(titles < lede)[-1]] += _ABOVE_LEDE
    kept = same[(same @ evidence).argmax()]
    text = np.flatnonzero(probabilities[:, (_LEDE, _BODY)].sum(axis=1) > 0.5)
    if len(text) and titles[kept][0] < text[-1]:
        marked = np.array([bool(blocks[i].tag) for i in titles.tolist()])
        kept = kept & (marked | (titles < text[-1]) | (probabilities[titles, _TITLE] >= _SURE_BELOW))
    result = probabilities.copy()
    result[titles[~kept], _TITLE] = 0
    titles = titles[kept]
    first = titles[0]
    told = result[first:, (_LEDE, _BODY)].sum(axis=1).max() > 0.5
    if told and result[titles, _TITLE].max() >= _SURE_TITLE:
        result[:first, _TEXT] = 0
    return result


def _same_headline(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short in long:
        return bool(short) or not long
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    return len(pairs) > 0 and sum(pair in long for pair in pairs) >= _SAME * len(pairs)


def _copies(roles: Ints) -> list[tuple[int, int]]:
    """Half-open stretches of the page with one copy of the article each: a headline after text opens a new one."""
    starts, told = [0], False
    for i, role in enumerate(roles.tolist()):
        if role == _TITLE and told:
            starts.append(i)
            told = False
        told = told or role in (_LEDE, _BODY)
    return list(zip(starts, [*starts[1:], len(roles)], strict=True))


def _one_copy(logs: Floats, roles: Ints, lede: Floats, blocks: Sequence[Block]) -> Ints:
    n = len(logs)
    first_lines = np.flatnonzero(lede > 0.01)[:_CANDIDATES]
    if not len(first_lines):
        return roles
    # A row a role: twelve long rows are compared ten times as fast as many short ones.
    allowed = np.where(_RULED_OUT[:, :, None], -np.inf, logs.T.astype(np.float64, order="C"))
    best = allowed.max(axis=1)
    best[_RUNNING] -= _COST_INSIDE.take(allowed[_RUNNING].argmax(axis=0))
    sums = np.zeros((len(best), n + 1))
    np.cumsum(best, axis=1, out=sums[:, 1:])
    above_sum, inside_sum, text_sum, below_sum = sums
    # Best end of the text for each place where it may begin, and what text and tail are worth from there.
    worth = text_sum + below_sum[n] - below_sum
    best_worth = np.maximum.accumulate(worth[::-1])[::-1]
    a, b = first_lines[:, None], first_lines[None, :]
    span = np.where(a == b, 0.0, inside_sum[b] - inside_sum[np.minimum(a + 1, n)] + logs[b, _LEDE])
    total = above_sum[a] + logs[a, _LEDE] + span + best_worth[b + 1] - text_sum[b + 1]
    elements: dict[str, int] = {}
    around = [without_looks(blocks[i].tag).rpartition("/")[0] for i in first_lines.tolist()]
    places = np.array([elements.setdefault(element, len(elements)) for element in around])
    boxed = places[:, None] != places[None, :]
    total -= np.where(a < b, np.where(boxed, _COST_OF_SUMMARY, _COST_OF_SECOND), 0.0)
    total = np.where(a <= b, total, -np.inf)
    i, j = np.unravel_index(total.argmax(), total.shape)
    first, last = int(first_lines[i]), int(first_lines[j])
    end = last + 1 + int(np.flatnonzero(worth[last + 1 :] == best_worth[last + 1])[0])
    stretches = pairwise((0, first, last + 1, end, n))
    chosen: Ints = np.concatenate(
        [part[:, i:j].argmax(axis=0) for part, (i, j) in zip(allowed, stretches, strict=True)]
    )
    chosen[[first, last]] = _LEDE
    return chosen
