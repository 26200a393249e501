"""parse_page on anything: blocks that keep their promises, or a PageError."""

import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import PageError
from builder.parse import parse_page
from builder.parse.normalize import normalize_line
from builder.records import MediaType, Page

TOKENS = """
    <p> </p> <br> <div_class='a/b'> </div> <a_href=x> </a> <b> </b> <pre> </pre> <table> <tr> <td> </table> <script>
    </script> <!-- --> <svg> </svg> <template> <select> <option> <textarea> <plaintext> <title> <noscript> <frameset>
    <head> <body_hidden> <html> <![CDATA[ ]]> <?xml <meta <x-y_style=display:none> <script_type=application/ld+json>{
    &nbsp; &#0; &#xd800; \x00 \ud83d 临江 \u200d
"""
MARKUP = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from([token.replace("_", " ") for token in TOKENS.split()] + ["\n", " ", "\u3000", "\u2028"]),
    ),
    max_size=30,
).map("".join)


@given(text=st.one_of(MARKUP, st.text()), media_type=st.sampled_from(["text/html", "text/plain"]))
def test_any_page_gives_normalised_blocks_or_a_page_error(text: str, media_type: MediaType) -> None:
    blocks = []
    with suppress(PageError):
        blocks = parse_page(Page("x", media_type, text, "0")).blocks
        assert blocks
    for block in blocks:
        assert block.text
        assert block.text == normalize_line(block.text)
        assert 0 <= block.link_chars <= len(block.text)
        assert block.tag.count("/") < 8
        assert (block.role, block.origin, block.dup_of) == ("", "", None)


@given(st.lists(st.text(alphabet="临江新桥通车，。 12ab", min_size=1), min_size=1))
def test_paragraphs_come_back_as_they_went_in(paragraphs: list[str]) -> None:
    lines = [line for paragraph in paragraphs if (line := normalize_line(paragraph))]
    for page in (
        Page("x", "text/html", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs), "0"),
        Page("x", "text/html", "<br>".join(paragraphs), "0"),
        Page("x", "text/plain", "\n".join(paragraphs), "0"),
    ):
        if lines:
            assert [block.text for block in parse_page(page).blocks] == lines


def test_a_page_of_millions_of_lines_is_refused_before_they_are_all_there() -> None:
    tracemalloc.start()
    with pytest.raises(PageError, match="parse:too-many-lines"):
        parse_page(Page("x", "text/plain", "好\n" * 4_000_000, "0"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6
    with pytest.raises(PageError, match="parse:too-many-lines"):
        parse_page(Page("x", "text/html", "<p>好" * 50_000, "0"))


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/html", ""),
        ("text/html", "<title>临江晚报</title><script>location='/'</script>"),
        ("text/html", "<p>&nbsp;\u3000</p><img src=a.jpg alt=图>"),
        ("text/plain", " \r\n\u3000\u200b\n"),
    ],
)
def test_a_page_without_visible_text_is_named_so(media_type: MediaType, text: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_page(Page("x", media_type, text, "0"))
    assert caught.value.reason == "parse:no-text"
