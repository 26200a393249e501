"""`zhnews push` to a URI, against a stand-in for S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.errors import BuilderError
from builder.publish.copy_out import copy_out
from builder.publish.push import plan_upload
from tests.conftest import Zhnews
from tests.publish.conftest import Publish, make_rows
from tests.s3 import S3, s3_store


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    for name, value in {"ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with s3_store() as running:
        yield running


def contents(folder: Path, below: str) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {f"{below}/{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files}


def test_a_release_arrives_whole_with_its_manifest_last(store: S3, good_release: Path, zhnews: Zhnews) -> None:
    done = zhnews("push", good_release, store.uri("bucket/news"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"s3://bucket/news/{good_release.name}?")
    assert store.objects == contents(good_release, "bucket/news")
    assert store.written[-1] == f"bucket/news/{good_release.name}/manifest.json"


def test_what_is_there_already_is_not_sent_again(store: S3, good_release: Path) -> None:
    upload = plan_upload(good_release, store.uri("bucket/news"))
    store.broken_uploads = 1
    with pytest.raises(BuilderError, match="not today; the release there is not whole; the same command goes on"):
        copy_out(good_release, upload)
    wanted = contents(good_release, "bucket/news")
    some = list(wanted)[:5]
    store.objects = {name: wanted[name] for name in some} | {some[0]: b"x" * len(wanted[some[0]])}
    assert copy_out(good_release, upload) == len(wanted) - 4
    assert store.objects == wanted
    assert copy_out(good_release, upload) == 0


def test_a_release_that_is_there_is_never_changed(store: S3, good_release: Path, publish_rows: Publish) -> None:
    copy_out(good_release, plan_upload(good_release, store.uri("bucket")))
    before = dict(store.objects)
    other = publish_rows(make_rows()[:12]).folder
    upload = plan_upload(other, store.uri("bucket"))
    assert other.name == good_release.name
    with pytest.raises(BuilderError, match="holds another release of that name; give the new one another version"):
        copy_out(other, upload)
    assert store.objects == before


def test_a_folder_on_a_shared_disk_is_made(good_release: Path, tmp_path: Path) -> None:
    upload = plan_upload(good_release, (tmp_path / "共享").as_uri())
    assert copy_out(good_release, upload) == len(upload.files)
    there = tmp_path / "共享" / good_release.name
    assert contents(there, "") == contents(good_release, "")


def test_a_dry_run_asks_no_store(good_release: Path, zhnews: Zhnews) -> None:
    done = zhnews("push", good_release, "s3://bucket/news", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"to s3://bucket/news/{good_release.name} as" in done.stdout
