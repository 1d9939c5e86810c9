"""Signing in with a provider of OpenID Connect, over HTTP to one that runs here."""

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, override_settings
from environs import Env

from discipline.ops.web.sign_in_settings import sign_in_settings
from offices.accounts.models import SignIn
from tests.support.base import World
from tests.support.factors import enrol, shown_code
from tests.support.oidc_provider import CLIENT, CLIENT_SECRET, Provider, running_provider

pytestmark = pytest.mark.django_db


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture(params=["RS256", "ES256"])
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running_provider(request.param) as running:
        values = {"ISSUER": running.url, "CLIENT_ID": CLIENT, "CLIENT_SECRET": CLIENT_SECRET, "NAME": "SSO Kota"}
        for name, value in values.items():
            monkeypatch.setenv(f"OIDC_{name}", value)
        with override_settings(**sign_in_settings(Env(), demo=True, behind_tls=False)):
            yield running


def come_from(provider: Provider, client: Client, **claims: Any) -> HttpResponse:
    """Go to the provider, which says who it is, and come back."""
    provider.claims = {"sub": "1001", "preferred_username": "budi"} | claims
    there = client.get("/masuk/oidc/kota/?next=/indikasi/").headers["Location"]
    assert there.startswith(f"{provider.url}/authorize?")
    with pytest.raises(HTTPError) as redirect:
        build_opener(Stay).open(there)
    back = urlsplit(redirect.value.headers["Location"])
    assert back.path == "/masuk/oidc/kota/kembali/"
    return client.get(f"{back.path}?{back.query}")  # type: ignore[return-value]


def words_after(client: Client) -> str:
    return client.get("/masuk/").content.decode()


@pytest.mark.usefixtures("provider")
def test_the_login_page_offers_it(client: Client) -> None:
    assert "Masuk dengan SSO Kota" in client.get("/masuk/").content.decode()


def test_a_known_name_signs_in_and_is_bound(provider: Provider, client: Client) -> None:
    World()
    assert come_from(provider, client).headers["Location"] == "/indikasi/"
    assert client.get("/").status_code == 200
    assert SignIn.objects.get().outcome == SignIn.Outcome.SIGNED_IN
    # The identity, not the name, is bound: renamed there, it is still Budi; the freed name opens nothing.
    renamed, newcomer = Client(), Client()
    assert come_from(provider, renamed, preferred_username="budi.s").headers["Location"] == "/indikasi/"
    assert come_from(provider, newcomer, sub="2002").headers["Location"] == "/masuk/"
    assert "terikat pada identitas lain" in words_after(newcomer)


def test_a_stranger_gets_no_account(provider: Provider, client: Client) -> None:
    World()
    assert come_from(provider, client, preferred_username="siapa").headers["Location"] == "/masuk/"
    assert "belum mempunyai akun" in words_after(client)
    assert client.get("/").status_code == 302


def test_the_second_factor_is_still_asked(provider: Provider, client: Client) -> None:
    world = World()
    enrol(world.ani)
    assert come_from(provider, client, preferred_username="ani").headers["Location"] == "/masuk/kode/"
    assert client.get("/").status_code == 302
    assert client.post("/masuk/kode/", {"code": shown_code()}).headers["Location"] == "/indikasi/"


@pytest.mark.parametrize("claims", [{"iss": "http://127.0.0.1:1"}, {"aud": "other"}, {"exp": 1}])
def test_tokens_of_others_are_refused(provider: Provider, client: Client, claims: dict[str, Any]) -> None:
    World()
    assert come_from(provider, client, **claims).headers["Location"] == "/masuk/"
    assert "tidak berhasil" in words_after(client)


def test_a_forged_token_is_refused(provider: Provider, client: Client) -> None:
    World()
    provider.forged = True
    assert come_from(provider, client).headers["Location"] == "/masuk/"
    assert client.get("/").status_code == 302


@pytest.mark.usefixtures("provider")
def test_an_answer_that_was_not_asked_for_is_refused(client: Client) -> None:
    World()
    assert client.get("/masuk/oidc/kota/kembali/?code=1&state=2").headers["Location"] == "/masuk/"


def test_a_deactivated_account_stays_out(provider: Provider, client: Client) -> None:
    world = World()
    come_from(provider, client)
    world.budi.is_active = False
    world.budi.save()
    other = Client()
    assert come_from(provider, other).headers["Location"] == "/masuk/"
    assert other.get("/").status_code == 302


def test_a_provider_without_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "http://sso.example")
    with pytest.raises(ImproperlyConfigured):
        sign_in_settings(Env(), demo=True, behind_tls=False)
