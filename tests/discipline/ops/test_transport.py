"""Settings of HTTPS: which hosts are exposed, and what is set behind a TLS proxy."""

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discipline.ops.web.transport import exposed_hosts, transport_settings
from tests.support.paths import ROOT


@given(
    st.ip_addresses(network="127.0.0.0/8").map(str)
    | st.sampled_from(["localhost", "[::1]", "LOCALHOST.", "a.localhost"])
)
def test_this_machine_is_not_exposed(host: str) -> None:
    assert exposed_hosts([host]) == []


@given(st.ip_addresses().filter(lambda address: not address.is_loopback).map(str))
def test_any_other_address_is_exposed(address: str) -> None:
    assert exposed_hosts(["localhost", address, f"[{address}]"]) == [address, f"[{address}]"]


@pytest.mark.parametrize("host", ["*", "sidak.example", ".example", "localhost.example", "127.example"])
def test_names_are_exposed(host: str) -> None:
    assert exposed_hosts([host]) == [host]


def test_plain_http_changes_nothing() -> None:
    assert transport_settings(behind_tls=False, hsts_s=60) == {}


def test_behind_tls_all_cookies_are_bound_to_https_and_monitoring_is_not_redirected() -> None:
    found = transport_settings(behind_tls=True, hsts_s=60)
    assert found["SECURE_HSTS_SECONDS"] == 60
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_SECURE"]
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    (exempt,) = found["SECURE_REDIRECT_EXEMPT"]
    assert re.search(exempt, "healthz")
    assert re.search(exempt, "metrics")
    assert not re.search(exempt, "kantor/healthz")


THROUGH_THE_PROXY = """
import django
django.setup()
from django.test import Client
plain = Client(SERVER_NAME="sidak.example")
secure = Client(SERVER_NAME="sidak.example", headers={"x-forwarded-proto": "https"})
print(plain.get("/masuk/")["Location"])
answer = secure.get("/masuk/")
print(answer.status_code, answer["Strict-Transport-Security"])
print(*(f"{name} {cookie['secure']} {cookie['path']} {cookie['domain']!r}" for name, cookie in answer.cookies.items()))
"""


def test_behind_the_proxy_pages_are_served_over_https_only() -> None:
    tls = {"BEHIND_TLS": "1", "ALLOWED_HOSTS": "sidak.example", "HSTS_S": "60"}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "discipline.settings", **tls}
    command = [sys.executable, "-c", THROUGH_THE_PROXY]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "https://sidak.example/masuk/",
        "200 max-age=60",
        "__Host-csrftoken True / ''",
    ]
