"""limit_nesting: ordinary pages untouched, the others bounded without losing text."""

from builder.parse.from_html import parse_tree, read_html
from builder.parse.nesting import limit_nesting


def test_an_ordinary_page_comes_back_as_it_is() -> None:
    page = "<div><ul>" + "<li><a href=/x><font size=2>临江</font></a></li><br>" * 900 + "</ul></div>"
    assert limit_nesting(page) is page


def test_a_long_page_that_closes_its_tags_keeps_its_lines_and_paths() -> None:
    page = "<div class=list>" + "<section><p>临江<a href=/x title='新桥'>新桥</a></p></section>" * 8_000 + "</div>"
    limited = limit_nesting(page)
    assert limited == page


def test_unclosed_formatting_does_not_multiply() -> None:
    page = "".join(f"<p><font size={number}>第{number}段" for number in range(3_000))
    tree = parse_tree(page)
    assert sum(1 for _ in tree.root.traverse()) < 4_000
    assert [block.text for block in read_html(tree)] == [f"第{number}段" for number in range(3_000)]


def test_beyond_the_limit_blocks_still_end_lines_and_inline_elements_do_not() -> None:
    page = "<div>" * 30_000 + "临<span>江</span><div>新桥</div>通车"
    assert [block.text for block in read_html(parse_tree(page))] == ["临江", "新桥", "通车"]


def test_an_element_with_a_flood_of_attributes_keeps_its_text() -> None:
    page = "<p " + " ".join(f"data-{number}=1" for number in range(100_000)) + ">临江</p>"
    assert limit_nesting(page) == "<p>临江</p>"


def test_a_flood_of_attributes_is_cut_on_a_short_page_too() -> None:
    for between in (" ", "/", "\n"):
        page = "<div>临江</div><p " + between.join(f"a{number}=1" for number in range(3_000)) + ">新桥</p>"
        assert limit_nesting(page) == "<div>临江</div><p>新桥</p>"


def test_a_flood_is_seen_through_what_stands_between_the_attributes() -> None:
    for odd in ("a{}<", "a{}<b", "a{} '", 'a{}="x"', "a{}=<p"):
        page = "<div>临江</div><p " + " ".join(odd.format(number) for number in range(5_000)) + ">新桥</p>"
        assert limit_nesting(page) == "<div>临江</div><p>新桥</p>"
    quoted = " ".join(f'a{number}=">"' for number in range(60_000))
    assert limit_nesting(f"<div>临江</div><p {quoted}>新桥</p>") == "<div>临江</div><p>新桥</p>"


def test_a_tag_that_is_never_closed_goes_with_its_flood() -> None:
    for attributes in (" a" * 400_000, "".join(f" a{number}" for number in range(100_000)), ' a="' + " b" * 9_000):
        assert limit_nesting("<p>临江</p><a" + attributes) == "<p>临江</p>"


def test_scripts_and_comments_that_look_like_a_flood_stay() -> None:
    numbers = " ".join(map(str, range(5_000)))
    for page in (
        f'<script>if (a<b) c = "it\'s {numbers}"</script><p>临江</p>',
        f"<!-- a<b {numbers} --><p>临江</p>",
        f"<textarea><b {numbers} </textarea><p>临江</p>",
        f"<p>3<5 {numbers}</p><p>临江</p>",
    ):
        assert limit_nesting(page) is page


def test_one_long_attribute_is_no_flood() -> None:
    page = "<p>临江</p><img src='data:image/png;base64," + "iVBORw0KGgo" * 2_000 + "'>"
    assert limit_nesting(page) is page


def test_elements_grow_with_the_page_and_not_with_its_square() -> None:
    def elements(paragraphs: int) -> int:
        page = "".join(f"<p><font color={number}>段" for number in range(paragraphs)) + "<p>文</p>" * paragraphs
        return sum(1 for _ in parse_tree(page).root.traverse())

    assert elements(4_000) < 2.1 * elements(2_000)
    assert max(map(elements, range(100, 1_000, 100))) < 210_000
