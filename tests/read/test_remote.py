"""Inputs named by URI, from fsspec's memory and from a stand-in for S3 that Arrow's own client talks to."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from builder.errors import BuilderError, SettingsError
from builder.read import Input, ReadSettings, find_inputs, read_input
from builder.records import Page
from tests.conftest import Zhnews
from tests.s3 import S3, s3_store

PAGE = "<html><body><h1>云岭市新建三座公园</h1><p>记者昨天了解到，三座公园年内开放。</p></body></html>".encode()
CRAWL = {
    "crawl/2026/a.html": PAGE,
    "crawl/2026/b.html.gz": gzip.compress(PAGE),
    "crawl/c.txt": "望海港开港\n首批货物装船。".encode(),
    "crawl/.cache/d.html": PAGE,
}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with s3_store() as running:
        yield running


@pytest.fixture(params=["memory", "s3"])
def address(request: pytest.FixtureRequest, store: S3) -> str:
    """A URI with {} for the path; behind it lies CRAWL."""
    if request.param == "s3":
        store.objects |= CRAWL
        return store.uri("{}")
    fsspec.filesystem("memory").store.clear()
    fsspec.filesystem("memory").pipe({f"/{path}": content for path, content in CRAWL.items()})
    return "memory://{}"


def pages_of(found: list[Input]) -> list[Page]:
    return [page for item in found for page in read_input(item, ReadSettings()) if isinstance(page, Page)]


def test_objects_give_the_pages_that_files_give(address: str, tmp_path: Path) -> None:
    for name, content in CRAWL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    files, objects = (find_inputs([given], tmp_path) for given in ("crawl", address.format("crawl")))
    told = [[(i.source, i.kind, i.compression, i.n_bytes, i.sha256) for i in found] for found in (files, objects)]
    assert told[0] == told[1]
    assert len(told[0]) == 3
    assert pages_of(files) == pages_of(objects)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("crawl/c.txt", ["c.txt"]),
        ("crawl/2026/", ["2026/a.html", "2026/b.html.gz"]),
        ("crawl/*/*.html", ["2026/a.html"]),
        ("crawl/**/?.*", ["2026/a.html", "2026/b.html.gz", "c.txt"]),
    ],
)
def test_a_uri_names_an_object_a_folder_or_what_a_glob_matches(address: str, path: str, names: list[str]) -> None:
    assert [item.source for item in find_inputs([address.format(path)], Path.cwd())] == names


def test_an_object_that_changed_since_it_was_listed_stops_the_build(address: str, store: S3) -> None:
    (item,) = find_inputs([address.format("crawl/c.txt")], Path.cwd())
    store.objects["crawl/c.txt"] = b"other"
    fsspec.filesystem("memory").pipe("/crawl/c.txt", b"other")
    with pytest.raises(BuilderError, match=r"c\.txt.* changed while it was read"):
        pages_of([item])


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("memory://crawl/nothing", "'memory://crawl/nothing' does not exist"),
        ("memory://crawl/*.zip", "does not exist, or holds no file"),
        ("nosuch://crawl", "Unrecognized filesystem type in URI: nosuch://crawl; known are s3, gs"),
        ("s3://key:secret@bucket/crawl", "a URI must hold no password; put it into the environment"),
        ("s3://bucket/x?endpoint_override=127.0.0.1:9&scheme=http&region=local", "cannot be listed: .*127.0.0.1"),
    ],
)
def test_a_wrong_uri_is_told_in_one_line_without_its_password(uri: str, told: str, store: S3) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        find_inputs([uri], Path.cwd())
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_uri_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "新 闻.txt").write_text("望海港开港\n首批货物装船。", "utf-8")
    (item,) = find_inputs([(tmp_path / "新 闻.txt").as_uri()], tmp_path)
    assert (item.path, item.source) == (str(tmp_path / "新 闻.txt"), "新 闻.txt")


def test_a_build_from_a_store_is_the_build_from_a_folder(
    store: S3, pages: Path, tmp_path: Path, zhnews: Zhnews
) -> None:
    store.objects |= {f"bucket/{pages.name}/{path.name}": path.read_bytes() for path in pages.iterdir()}
    releases = []
    for out, given in (("a", pages.name), ("b", store.uri(f"bucket/{pages.name}"))):
        done = zhnews("build", given, "-o", out, "-j", "2", "-q")
        assert done.returncode == 0, done.stderr
        (release,) = (path for path in (tmp_path / out).iterdir() if path.name[0] != ".")
        releases.append({str(p.relative_to(release)): p.read_bytes() for p in release.rglob("*") if p.is_file()})
    manifests = [json.loads(files.pop("manifest.json")) for files in releases]
    assert manifests[0]["inputs"] == manifests[1]["inputs"]
    for files in releases:
        del files["README.md"]  # it tells the digest of the settings, which name the inputs as they were given
    assert releases[0] == releases[1]


def test_a_build_into_a_store_sends_the_release_that_lies_in_out(
    store: S3, pages: Path, tmp_path: Path, zhnews: Zhnews
) -> None:
    uri = store.uri("bucket/datasets")
    done = zhnews("build", pages, "-o", uri, "-j", 1, "-q", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sent_to"] == store.uri("bucket/datasets/zhnews-0.1.0")
    release = tmp_path / "out" / "zhnews-0.1.0"
    files = {str(path.relative_to(release)): path.read_bytes() for path in release.rglob("*") if path.is_file()}
    assert {name.removeprefix("bucket/datasets/zhnews-0.1.0/"): raw for name, raw in store.objects.items()} == files
    assert not (tmp_path / "s3:").exists()


@pytest.mark.parametrize(("uri", "told"), [("s3://", "Missing bucket"), ("gopher://a/b", "known are s3")])
def test_a_build_into_a_wrong_uri_is_told_before_any_work(uri: str, told: str, pages: Path, zhnews: Zhnews) -> None:
    done = zhnews("build", pages, "-o", uri)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (pages.parent / "out").exists()


def test_a_build_into_a_file_uri_is_a_build_into_its_path(pages: Path, tmp_path: Path, zhnews: Zhnews) -> None:
    done = zhnews("build", pages, "-o", (tmp_path / "新 闻").as_uri(), "-j", 1, "-q")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "新 闻" / "zhnews-0.1.0" / "manifest.json").is_file()
