"""`zhnews push`, against a stand-in for the Hub; no network is used."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from builder.errors import SettingsError
from builder.publish.push import plan_upload
from tests.conftest import Zhnews
from tests.publish.conftest import Publish, make_rows
from tests.publish.hub import Hub, running_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_TOKEN", "right")
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")  # the stand-in speaks the older protocol
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield running


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_whole_release_arrives_in_one_commit(hub: Hub, release: Path, zhnews: Zhnews) -> None:
    done = zhnews("push", release, "who/bridges")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{hub.url}/datasets/who/bridges/commit/{'1' * 40}\n"
    assert hub.files == contents(release)
    assert hub.commits == ["bridges 1.0.0"]


def test_what_an_earlier_release_left_goes_and_what_is_another_s_stays(
    hub: Hub, publish_rows: Publish, zhnews: Zhnews
) -> None:
    rows = make_rows()
    old = publish_rows(rows, "old", shard_articles=4).folder
    new = publish_rows(rows, "new", shard_articles=100).folder
    hub.files = {"notes.txt": b"mine", ".gitattributes": b"*.parquet filter=lfs"}
    assert zhnews("push", old, "who/bridges").returncode == 0
    assert zhnews("push", new, "who/bridges").returncode == 0
    assert hub.files == contents(new) | {"notes.txt": b"mine", ".gitattributes": b"*.parquet filter=lfs"}


def test_a_push_that_broke_off_goes_on_without_sending_twice(hub: Hub, release: Path, zhnews: Zhnews) -> None:
    hub.broken_uploads = 100
    done = zhnews("push", release, "who/bridges")
    assert done.returncode == 1
    assert "no commit was made; the same command goes on" in done.stderr
    assert "Traceback" not in done.stderr
    assert hub.files == {}
    hub.broken_uploads = 0
    parquet = {name: content for name, content in contents(release).items() if name.endswith(".parquet")}
    for content in list(parquet.values())[:5]:
        hub.blobs[sha256(content).hexdigest()] = content
    assert zhnews("push", release, "who/bridges").returncode == 0
    assert hub.asked["PUT"] == len(parquet) - 5
    assert hub.files == contents(release)


def test_a_dry_run_lists_what_would_go_and_asks_nobody(hub: Hub, release: Path, zhnews: Zhnews) -> None:
    (release / ".cache").mkdir()
    (release / ".cache/x").write_text("", "utf-8")
    done = zhnews("push", release, "who/bridges", "--dry-run", "--json")
    told = json.loads(done.stdout)
    (release / ".cache/x").unlink()
    assert told["files"] == {name: len(content) for name, content in contents(release).items()}
    assert told["n_bytes"] == sum(told["files"].values())
    lines = zhnews("push", release, "who/bridges", "--dry-run").stdout.splitlines()
    assert len(lines) == len(told["files"]) + 1
    assert lines[-1].startswith(f"would send {len(told['files'])} files, ")
    assert not hub.asked
    assert not hub.commits


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_what_verify_refuses_is_not_sent(hub: Hub, release: Path, zhnews: Zhnews, dry_run: list[str]) -> None:
    (release / "stray.txt").write_text("?", "utf-8")
    done = zhnews("push", release, "who/bridges", *dry_run)
    assert done.returncode == 4
    assert "stray.txt: is not in the manifest" in done.stdout
    assert not hub.asked


def test_what_the_hub_says_is_told_in_one_line(
    hub: Hub, release: Path, zhnews: Zhnews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "wrong")
    done = zhnews("push", release, "who/bridges")
    assert done.returncode == 1
    assert "401" in done.stderr
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = zhnews("push", release, "who/bridges")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("repo", ["bridges", "who/what/bridges", "who/桥"])
def test_a_repository_needs_an_owner_and_a_name(good_release: Path, repo: str) -> None:
    with pytest.raises(SettingsError, match="write OWNER/NAME"):
        plan_upload(good_release, repo)
