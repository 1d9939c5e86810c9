"""The examples of deploy/: they start the programs of the Procfile, and systemd, nginx and Prometheus take them."""

import configparser
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, Request, build_opener

import pytest
import yaml
from django.utils import timezone

from discipline.ops.health import check_health
from discipline.ops.metrics import exposition
from tests.support.certificates import encrypted_by
from tests.support.paths import ROOT
from tests.support.processes import Daphne, free_port
from tests.support.waiting import wait_until

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
HOME = "/opt/sidak/"
ONCE = {"release"}  # ends by itself
WORST_EXPOSURE = 2.0  # of 10, by systemd-analyze security


def procfile() -> dict[str, str]:
    lines = [line for line in (ROOT / "Procfile").read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    return read


def unit(name: str) -> configparser.ConfigParser:
    """Return a unit file; a key that is given several times has all its values, one a line."""

    class Several(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            if isinstance(value, list) and key in self:
                value = [*self[key], *value]
            super().__setitem__(key, value)

    parser = configparser.ConfigParser(strict=False, dict_type=Several, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


def test_systemd_starts_the_programs_of_the_procfile() -> None:
    units = {path.stem.removeprefix("sidak-"): unit(path.name) for path in UNITS.glob("sidak-*.service")}
    commands = {
        name: " && ".join(one["Service"]["ExecStart"].split("\n")).replace(HOME, "") for name, one in units.items()
    }
    assert commands == procfile()
    assert {one["Unit"]["PartOf"] for one in units.values()} == {"sidak.target"}
    wanted = {f"sidak-{name}.service" for name in procfile().keys() - ONCE}
    assert set(unit("sidak.target")["Unit"]["Wants"].split()) == wanted


def test_compose_starts_the_programs_of_the_procfile() -> None:
    services = compose()["services"]
    own = {name: service["command"] for name, service in services.items() if service["image"] == "sidak"}
    assert {name: command[-1] if isinstance(command, list) else command for name, command in own.items()} == procfile()


def test_compose_keeps_what_a_backup_holds_and_more() -> None:
    folders = {volume.partition(":")[2].removeprefix(f"{HOME}var/") for volume in compose()["x-sidak"]["volumes"]}
    assert folders == {"evidence", "attachments", "reports"}


@pytest.fixture
def systemd(tmp_path: Path) -> dict[str, str]:
    """The environment of a systemd-analyze that knows the units, with a Python that exists."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.glob("*.service"):
        path.write_text(path.read_text().replace(f"{HOME}.venv/bin/python", sys.executable))
    return os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}


def test_systemd_takes_the_units(systemd: dict[str, str]) -> None:
    names = ["sidak.target", *(path.name for path in UNITS.glob("*.service"))]
    done = subprocess.run(
        ["systemd-analyze", "verify", *names], env=systemd, capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "sidak" in line]
    assert not ours
    assert len(names) == len(procfile()) + 1


def test_the_units_are_closed(systemd: dict[str, str]) -> None:
    folder = Path(systemd["SYSTEMD_UNIT_PATH"].removesuffix(":"))
    for name in procfile():
        command = ["systemd-analyze", "security", "--offline=yes", str(folder / f"sidak-{name}.service")]
        done = subprocess.run(command, env=systemd, capture_output=True, text=True, check=False)
        found = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)
        assert found, done.stdout + done.stderr
        assert float(found[1]) <= WORST_EXPOSURE, name


@pytest.mark.django_db(transaction=True)
def test_the_example_rules_ask_for_figures_that_there_are() -> None:
    known = set(re.findall(r"# TYPE (\w+)", exposition(*check_health(timezone.now())).decode()))
    (group,) = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    asked = {name for rule in group["rules"] for name in re.findall(r"sidak_\w+", rule["expr"])}
    assert len(asked) > 4
    assert asked <= known
    (job,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"]
    assert job["metrics_path"] == "/metrics"


@pytest.fixture
def https_port(tmp_path: Path) -> Iterator[int]:
    """The port at which nginx, with the example's configuration, speaks HTTPS before a web server."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx and os.environ.get("REQUIRE_NGINX") != "1":
        pytest.skip("no nginx here")
    assert nginx, "REQUIRE_NGINX=1, and no nginx is found: apt-get install nginx-light"
    certificate = tmp_path / "certificate.pem"  # with its key
    encrypted_by("127.0.0.1", certificate)
    port, plain = free_port(), free_port()
    more = {"BEHIND_TLS": "1", "ALLOWED_HOSTS": "127.0.0.1", "CSRF_TRUSTED_ORIGINS": f"https://127.0.0.1:{port}"}
    site = (DEPLOY / "nginx" / "sidak.conf").read_text()
    with Daphne(more) as daphne:
        for example, here in (
            ("/etc/ssl/sidak/fullchain.pem", str(certificate)),
            ("/etc/ssl/sidak/privkey.pem", str(certificate)),
            ("127.0.0.1:8000", f"127.0.0.1:{daphne.port}"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ", f"listen 127.0.0.1:{port} "),
            ("/run/sidak-public/", f"{tmp_path / 'public'}/"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl http2;\n", ""),
        ):
            assert example in site
            site = site.replace(example, here)
        conf = tmp_path / "nginx.conf"
        folders = "".join(
            f"{part}_temp_path {tmp_path / part};" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.getuid() == 0 else ""
        http = f"http {{ {folders} access_log off; {site} }}"
        conf.write_text(f"{user} daemon off; pid {tmp_path}/pid; error_log stderr; events {{}} {http}")
        subprocess.run([nginx, "-t", "-q", "-p", str(tmp_path), "-c", str(conf)], check=True)
        process = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(conf)])
        try:
            wait_until(lambda: status(port, "/masuk/") == 200, 30)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def status(port: int, path: str, data: bytes | None = None, forwarded: str = "https") -> int:
    opener = build_opener(HTTPSHandler(context=trusting()))
    try:
        answer = opener.open(Request(f"https://127.0.0.1:{port}{path}", data, {"X-Forwarded-Proto": forwarded}))
    except HTTPError as error:
        return error.code
    except OSError:
        return 0
    with answer:
        return int(answer.status)


def handshake(port: int, path: str) -> str:
    """Ask for a websocket as a page of this site does; return the answer's first line."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: https://127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    with socket.create_connection(("127.0.0.1", port), 60) as plain, trusting().wrap_socket(plain) as encrypted:
        encrypted.sendall("\r\n".join([*lines, "", ""]).encode())
        return encrypted.makefile("rb").readline().decode()


def sent(port: int, path: str) -> tuple[bytes, dict[str, str]]:
    """Return the content of a file and the headers of which caches and other sites' players take notice."""
    opener = build_opener(HTTPSHandler(context=trusting()))
    with opener.open(f"https://127.0.0.1:{port}{path}") as answer:
        names = ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin")
        return answer.read(), {name: answer.headers[name] for name in names}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_nginx_sends_what_the_public_sees_and_nothing_else_of_its_folder(https_port: int, tmp_path: Path) -> None:
    names = {
        "index.m3u8": ("application/vnd.apple.mpegurl", "public, max-age=4"),
        "seg-7.m4s": ("video/mp4", "public, max-age=3600, immutable"),
        "init-0123456789ab.mp4": ("video/mp4", "public, max-age=3600, immutable"),
        "gambar.jpg": ("image/jpeg", "public, max-age=10"),
    }
    point = tmp_path / "public" / "T-001"
    point.mkdir(parents=True)
    for name in (*names, ".seg-8.m4s"):
        (point / name).write_text(f"#{name}")
    for name, (kind, age) in names.items():
        headers = {"Content-Type": kind, "Cache-Control": age, "Access-Control-Allow-Origin": "*"}
        assert sent(https_port, f"/langsung/T-001/{name}") == (f"#{name}".encode(), headers)
    for path in ("T-001/.seg-8.m4s", "T-001/", "T-001/seg-9.m4s", "T-002/index.m3u8", "../certificate.pem"):
        assert status(https_port, f"/langsung/{path}") == 404, path
    asked = [status(https_port, "/langsung/T-001/gambar.jpg") for _ in range(20)]
    assert set(asked) == {200}
    assert status(https_port, "/publik/") == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_nginx_passes_on_pages_and_websockets_and_refuses_large_bodies(https_port: int) -> None:
    # With the header as the browser sent it the page would redirect to itself.
    assert status(https_port, "/masuk/", forwarded="http") == 200
    assert status(https_port, "/masuk/", b"x" * 13_000_000) == 413
    assert handshake(https_port, "/ws/papan/").startswith("HTTP/1.1 101 ")
