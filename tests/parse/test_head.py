"""read_head: what pages say of themselves, in all the ways they say it."""

import pytest

from builder.parse.from_html import parse_tree
from builder.parse.head import read_head
from builder.records import Head


def head(html: str) -> Head:
    return read_head(parse_tree(html))


def test_a_page_that_says_nothing_has_an_empty_head() -> None:
    assert head("<p>临江新桥通车</p>") == Head()
    assert head("<title> \n </title><meta name=author content='　'><meta name=source>") == Head()


def test_open_graph_and_links_are_read() -> None:
    found = head("""<head><title>
        临江新桥通车_临江晚报 </title>
        <meta property="og:title" content="临江新桥通车"><meta property="og:site_name" content="临江晚报">
        <meta name="Description" content="两岸居民受益。"><meta name="author" content="林一舟">
        <meta name="source" content="临江晚报客户端"><meta property="article:section" content="民生">
        <meta property="article:published_time" content="2024-05-01T08:00:00+08:00">
        <link rel="canonical" href="https://linjiang.example/1.html"><link rel="prefetch next" href="1_2.html">""")
    assert found == Head(
        title="临江新桥通车_临江晚报",
        headline="临江新桥通车",
        site_name="临江晚报",
        description="两岸居民受益。",
        author="林一舟",
        source="临江晚报客户端",
        published="2024-05-01T08:00:00+08:00",
        section="民生",
        url="https://linjiang.example/1.html",
        next_url="1_2.html",
    )


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="publishdate" content="2024-05-01">',
        '<meta name="PubDate" content="2024-05-01">',
        '<meta itemprop="datePublished" content="2024-05-01">',
        '<meta property="og:release_date" content="2024-05-01">',
        '<meta name="weibo: article:create_at" content="2024-05-01">',
        '<meta name="pubdate" content=""><meta name="pubdate" content="2024-05-01"><meta name="date" content="2020">',
        "</head><body><p>临江</p><meta name=publishdate content=2024-05-01>",
    ],
)
def test_the_publication_date_has_many_names(meta: str) -> None:
    assert head(f"<head>{meta}").published == "2024-05-01"


def test_an_attribute_cut_at_an_unescaped_quote_keeps_what_is_left() -> None:
    assert head('<meta property="og:title" content="临江集团"暗伤"曝露？">').headline == "临江集团"


def test_the_title_of_a_drawing_is_not_that_of_the_page() -> None:
    assert head("<body><svg><title>图标</title></svg><title>临江晚报</title>").title == "临江晚报"


ARTICLE = (
    '"headline": "临江新桥通车", "datePublished": "2024-05-01", "author": [{"name": "林一舟"}, "苏禾"], '
    '"publisher": {"@type": "Organization", "name": "临江晚报"}, "articleSection": "民生"'
)


@pytest.mark.parametrize(
    "source",
    [
        f'{{"@type": "NewsArticle", {ARTICLE}}}',
        f'[{{"@type": "BreadcrumbList", "name": "首页"}}, {{"@type": ["Article"], {ARTICLE}}}]',
        f'{{"@graph": [{{"@type": "WebSite", "name": "晚报"}}, {{"@type": "NewsArticle", {ARTICLE}}}]}}',
        f'<!-- {{"@type": "NewsArticle", {ARTICLE}}} -->',
        f'//<![CDATA[\n{{"@type": "NewsArticle", {ARTICLE}}};\n//]]>',
        f'{{"@type": "NewsArticle",\n\t"description": "两岸\n居民", {ARTICLE}}}',
    ],
)
def test_linked_data_is_found_wherever_it_stands(source: str) -> None:
    found = head(f'<script type="application/ld+json">{source}</script>')
    assert (found.headline, found.published, found.section) == ("临江新桥通车", "2024-05-01", "民生")
    assert (found.author, found.site_name) == ("林一舟、苏禾", "临江晚报")


@pytest.mark.parametrize(
    "source",
    [
        f'{{"@type": "NewsArticle", {ARTICLE},}}',
        f'{{"@type": "NewsArticle", "description": "所谓"暗伤"", {ARTICLE}',
    ],
)
def test_broken_linked_data_still_gives_its_plain_strings(source: str) -> None:
    found = head(f'<script type="application/ld+json">{source}</script>')
    assert (found.headline, found.published, found.section) == ("临江新桥通车", "2024-05-01", "民生")


def test_baidus_vocabulary_is_read() -> None:
    source = '{"@context": "https://ziyuan.baidu.com/", "title": "临江新桥", "pubDate": "2024-05-01T08:00:00"}'
    found = head(f"<script type='application/ld+json'>{source}</script>")
    assert (found.headline, found.published) == ("临江新桥", "2024-05-01T08:00:00")


@pytest.mark.parametrize("source", ["", "null", "[1, [2]]", '"临江"', "{" * 100_000, "[" * 100_000, "1" * 5_000])
def test_linked_data_that_says_nothing_is_passed_over(source: str) -> None:
    assert head(f'<script type="application/ld+json">{source}</script>') == Head()
