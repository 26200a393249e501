"""Starting the server: where it may listen, whom it lets in, how it ends."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from builder.errors import BuilderError, SettingsError
from builder.review.serve import Address, check_address, hosts_of, listen
from tests.conftest import Zhnews

PEM = Path("server.pem")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address("0.0.0.0"), "read on the way"),  # noqa: S104  (the address is refused)
        (Address("192.0.2.7"), "read on the way"),
        (Address("review.example"), "read on the way"),
        (Address(url="http://review.example"), "https://"),
        (Address(certificate=PEM), "go together"),
        (Address("::", certificate=PEM, key=PEM), "--url"),
    ],
)
def test_links_and_cookies_never_go_in_the_clear(address: Address, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        Address(),
        Address("::1"),
        Address("192.0.2.7", certificate=PEM, key=PEM),
        Address("0.0.0.0", url="https://review.example"),  # noqa: S104  (a proxy ends TLS)
    ],
)
def test_this_machine_and_encrypted_addresses_are_served(address: Address) -> None:
    check_address(address)


def test_the_server_answers_to_its_own_names_only() -> None:
    assert hosts_of(Address()) == {"127.0.0.1", "localhost", "[::1]"}
    assert "review.example" in hosts_of(Address(url="https://review.example:8443/zh"))


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BuilderError, match="give another --port"):
            listen(Address(port=taken.getsockname()[1]))


def test_the_command_prints_a_link_for_each_person_and_ends_with_130(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    command = [sys.executable, "-m", "builder.cli", "review", "out/zhnews-0.1.0", "--port", "0", "--json", "-q"]
    people = ["--as", "林一舟", "--adjudicator", "mei"]
    process = subprocess.Popen([*command, *people], stdout=subprocess.PIPE, text=True, cwd=pages.parent)
    assert process.stdout
    told = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [(one["name"], one["role"]) for one in told] == [("林一舟", "annotator"), ("mei", "adjudicator")]
    link = httpx.URL(told[0]["url"])
    with httpx.Client(base_url=f"http://{link.host}:{link.port}") as client:
        client.post("/enter", data={"token": link.params["token"]})
        assert client.get("/").headers["location"].startswith("/page/")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    store = pages.parent / "out" / "zhnews.review.sqlite"
    assert store.is_file()
    assert not store.with_name(f"{store.name}-wal").exists(), "a copy of the file is whole"


def test_a_folder_that_is_no_release_is_told(tmp_path: Path, zhnews: Zhnews) -> None:
    for command in (("review",), ("agree",), ("gold", "export")):
        done = zhnews(*command, tmp_path)
        assert done.returncode == 1
        assert "is not a release" in done.stderr


def test_before_anything_was_reviewed_there_is_nothing_to_export(pages: Path, zhnews: Zhnews) -> None:
    zhnews("build", pages, "-o", "out", "-j", 1, "-q")
    done = zhnews("gold", "export", "out/zhnews-0.1.0")
    assert done.returncode == 1
    assert "nothing has been reviewed yet" in done.stderr
