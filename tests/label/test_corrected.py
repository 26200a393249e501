"""What people correct is learnt from."""

import json
from pathlib import Path

from builder.label.corrected import read_corrected
from builder.label.fit import TrainSettings
from builder.label.gold import Correction, block_places, write_corrections
from builder.label.train import train
from builder.parse import parse_page
from builder.privacy import mask_page
from builder.read import ReadSettings, find_inputs, read_input
from builder.records import ROLES, Page
from tests.conftest import article


def corrections_on(path: Path, role: str, lines: slice = slice(None)) -> list[Correction]:
    (page,) = (page for item in find_inputs([str(path)], path.parent) for page in read_input(item, ReadSettings()))
    assert isinstance(page, Page)
    parsed = parse_page(page)
    mask_page(parsed.blocks, parsed.head)
    places = block_places(block.text for block in parsed.blocks)
    made = [Correction(page.page_id, *place, role, "lin", "2024-05-01T09:00:00+00:00") for place in places]
    return made[lines]


def test_a_page_that_was_judged_whole_is_learnt_from_in_both_renderings(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(article(0, extra="联系电话：13912345678。"), "utf-8")
    write_corrections(tmp_path / "gold.jsonl", corrections_on(page, "comment"))
    found, lost = read_corrected(tmp_path / "gold.jsonl", ["a.html"], tmp_path)
    assert lost == [], "a line with a phone number was judged masked, and is found"
    assert [example.html for example in found] == [True, False]
    assert all((example.roles == ROLES.index("comment")).all() for example in found)


def test_of_a_page_that_was_judged_in_part_the_rest_is_unknown(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(article(0), "utf-8")
    gone = Correction("0" * 16, "1" * 16, 0, "body", "lin", "2024-05-01T09:00:00+00:00")
    write_corrections(tmp_path / "gold.jsonl", [*corrections_on(page, "caption", slice(3, 5)), gone])
    (example,), lost = read_corrected(tmp_path / "gold.jsonl", ["a.html"], tmp_path)
    assert lost == [gone]
    assert [i for i, role in enumerate(example.roles) if role >= 0] == [3, 4]
    shown = {int(block) for block in example.blocks_of}
    assert shown == {3, 4}


def test_training_takes_them_in_and_says_so(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.html").write_text(article(number), "utf-8")
    made = [*corrections_on(tmp_path / "0.html", "nav"), *corrections_on(tmp_path / "1.html", "nav", slice(2))]
    write_corrections(tmp_path / "gold.jsonl", made)
    corrected, _ = read_corrected(tmp_path / "gold.jsonl", ["*.html"], tmp_path)
    settings = TrainSettings(folds=2, members=1, epochs=1, augmented=5, width=8)
    train(None, tmp_path / "weights", settings, corrected=corrected)
    about = json.loads((tmp_path / "weights" / "blocks.json").read_text("utf-8"))
    assert about["data"]["gold_pages"] == 2
