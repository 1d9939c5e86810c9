"""The files of public points over ASGI: headers, names, what is gone, and an address that asks too often."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from streams.live.public.address_limit import MOST_ADDRESSES, AddressLimit
from streams.live.public.files_consumer import PublicFiles

INIT = "init-0123456789ab.mp4"


class Answer:
    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            self.body += message["body"]


async def django(scope: dict[str, Any], receive: Any, send: Any) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 299, "headers": []})


def ask(app: PublicFiles, path: str, client: str = "10.0.0.9", method: str = "GET", **headers: str) -> Answer:
    given = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    answer = Answer()
    scope = {"type": "http", "path": path, "method": method, "headers": given, "client": (client, 1)}
    asyncio.run(app(scope, None, answer.send))
    return answer


@pytest.fixture
def app(tmp_path: Path) -> PublicFiles:
    point = tmp_path / "T-001"
    point.mkdir()
    (point / "index.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:6\n")
    (point / "seg-1.m4s").write_bytes(b"moof")
    (point / ".seg-2.m4s").write_bytes(b"not yet")
    (point / INIT).write_bytes(b"ftyp")
    (point / "gambar.jpg").write_bytes(b"jpeg")
    (tmp_path / "T-002.closed").touch()
    (tmp_path / "index.m3u8").write_text("#EXTM3U\n")
    return PublicFiles(django, tmp_path)


def test_each_file_has_its_type_and_its_age(app: PublicFiles) -> None:
    for name, kind, age in (
        ("index.m3u8", "application/vnd.apple.mpegurl", "public, max-age=6"),
        ("seg-1.m4s", "video/mp4", "public, max-age=3600, immutable"),
        (INIT, "video/mp4", "public, max-age=3600, immutable"),
        ("gambar.jpg", "image/jpeg", "public, max-age=10"),
    ):
        answer = ask(app, f"/langsung/T-001/{name}")
        assert answer.status == 200, name
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == age
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-length"] == str(len(answer.body))
        again = ask(app, f"/langsung/T-001/{name}", if_none_match=f'"x", W/{answer.headers["etag"]}')
        assert (again.status, again.body) == (304, b"")
        head = ask(app, f"/langsung/T-001/{name}", method="HEAD")
        assert (head.status, head.body) == (200, b"")
    assert ask(app, "/langsung/T-001/seg-1.m4s", method="POST").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "T-001/seg-9.m4s",
        "T-001/.seg-2.m4s",
        "T-001/../T-001/index.m3u8",
        "T-001/%2e%2e/index.m3u8",
        "T-001/",
        "T-001",
        "",
        "../index.m3u8",
        "/index.m3u8",
        "t-001/index.m3u8",
        "T-002/index.m3u8",
        "T-002.closed",
        "T-001/index.m3u8\0",
        "T-001/index.m3u8/",
        "16.71.01.1001/index.m3u8",
    ],
)
def test_what_is_gone_hidden_or_elsewhere_is_a_404(app: PublicFiles, path: str) -> None:
    answer = ask(app, f"/langsung/{path}")
    assert (answer.status, answer.body) == (404, b"")


def test_ten_thousand_requests_of_one_address_harm_no_other(app: PublicFiles) -> None:
    found = [ask(app, "/langsung/T-001/gambar.jpg", "10.6.6.6").status for _ in range(10_000)]
    assert found.count(200) < 2000
    assert found[-1] == 429
    assert ask(app, "/langsung/T-001/gambar.jpg", "10.0.0.9").status == 200
    pages = [ask(app, "/publik/", "10.6.6.7").status for _ in range(1000)]
    assert pages[0] == 299
    assert pages[-1] == 429
    assert ask(app, "/masuk/", "10.6.6.7").status == 299


def test_behind_a_proxy_its_last_word_counts(app: PublicFiles, settings: Any) -> None:
    def asked(via: str) -> int:
        return ask(app, "/langsung/T-001/gambar.jpg", "127.0.0.1", x_forwarded_for=via).status

    settings.BEHIND_TLS = True
    assert 429 in [asked("1.1.1.1, 10.6.6.6") for _ in range(2000)]  # a slow machine lets the bucket fill again
    assert asked("10.6.6.6, 10.0.0.9") == 200


def test_a_bucket_fills_again_and_quiet_addresses_are_forgotten() -> None:
    limit = AddressLimit(burst=2, per_s=0.5)
    assert [limit.admit("a", 0.0) for _ in range(3)] == [True, True, False]
    assert [limit.admit("a", at) for at in (1.0, 2.0, 2.1)] == [False, True, False]
    for number in range(MOST_ADDRESSES):
        limit.admit(str(number), 3.0)
    assert limit.admit("a", 3.0)
