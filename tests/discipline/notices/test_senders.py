"""Messages to push services and webhooks: only the browser can read them, signed, public hosts only; each response."""

import json
import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from unittest import mock

import pytest
from cryptography.exceptions import InvalidTag
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from discipline.notices import safe_http, vapid
from discipline.notices.senders import Address, Message, Permanent, Retry, sender_of, signature
from tests.support.push_service import Browser, PushService, push_service, signed_claims

EMPTY = Message("Loket kosong 18 menit", "Loket 1, Kelurahan 35 Ilir, sejak 09.42 WIB.", "/indikasi/5/", "alert:5")


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_PRIVATE_HOSTS = True
    with push_service() as running:
        settings.WEBHOOK_URL = f"{running.url}/gateway"
        settings.WEBHOOK_SECRET = "rahasia-bersama"
        settings.WEBHOOK_PRIVATE_HOSTS = True
        yield running


def push(browser: Browser, message: Message = EMPTY) -> None:
    subscription = browser.subscription()
    sender_of("push").send(Address("push", subscription["endpoint"], **subscription["keys"]), message, once="sidak-1")


def test_only_the_browser_that_subscribed_can_read_what_it_is_sent(service: PushService) -> None:
    own, other = service.browser("mine"), service.browser("other")
    push(own)
    assert service.messages(own) == [
        {
            "title": "Loket kosong 18 menit",
            "body": "Loket 1, Kelurahan 35 Ilir, sejak 09.42 WIB.",
            "url": "/indikasi/5/",
            "tag": "alert:5",
        }
    ]
    assert b"Loket" not in service.got[0].body
    with pytest.raises(InvalidTag):
        other.read(service.got[0].body)


def test_the_push_service_knows_us_by_our_signature(service: PushService, settings: Any) -> None:
    settings.VAPID_SUBJECT = "mailto:kominfo@example.test"
    push(service.browser("mine"))
    headers = service.got[0].headers
    claims, key = signed_claims(headers["authorization"])
    assert (claims["aud"], claims["sub"], key) == (service.url, "mailto:kominfo@example.test", vapid.public_key())
    left = timedelta(seconds=claims["exp"] - datetime.now(UTC).timestamp())
    assert timedelta(minutes=5) < left < timedelta(hours=24)
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "high")
    assert len(headers["topic"]) <= 32
    assert int(headers["ttl"]) > 0


def test_a_long_digest_is_cut_so_that_it_still_arrives(service: PushService) -> None:
    browser = service.browser("mine")
    push(browser, Message("40 pemberitahuan", "Loket kosong – “Kemang Manis”\n" * 400, "/", "digest:1", urgent=False))
    assert len(service.got[0].body) <= 4096
    message = service.messages(browser)[0]
    assert message["title"] == "40 pemberitahuan"
    assert message["body"].startswith("Loket kosong – “Kemang Manis”\n")
    assert message["body"].endswith("…")


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_gone_for_good(service: PushService, status: int) -> None:
    service.answer("mine", status)
    with pytest.raises(Permanent) as raised:
        push(service.browser("mine"))
    assert raised.value.gone


@pytest.mark.parametrize(
    ("status", "header", "least", "most"),
    [
        (429, "120", 120, 120),
        (503, "a date in two hours", 7000, 7200),
        (429, "nanti", None, None),
        (500, "", None, None),
    ],
)
def test_a_service_that_is_busy_is_asked_again_when_it_says(
    service: PushService, status: int, header: str, least: float | None, most: float | None
) -> None:
    if header == "a date in two hours":  # from now, not from when the tests were collected
        header = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    service.answer("mine", status, Retry_After=header)
    with pytest.raises(Retry) as raised:
        push(service.browser("mine"))
    if least is None or most is None:
        assert raised.value.after_s is None
    else:
        assert raised.value.after_s is not None
        assert least <= raised.value.after_s <= most


def test_what_is_refused_for_itself_is_not_tried_again_and_the_device_stays(service: PushService) -> None:
    service.answer("mine", 413)
    with pytest.raises(Permanent) as raised:
        push(service.browser("mine"))
    assert not raised.value.gone


def test_a_wrong_setting_of_ours_ends_nobodys_device(service: PushService, settings: Any) -> None:
    settings.VAPID_SUBJECT = "kominfo"
    with pytest.raises(Permanent) as raised:
        push(service.browser("mine"))
    assert not raised.value.gone


def test_nobody_is_followed_to_another_address(service: PushService) -> None:
    service.answer("mine", 307, Location=f"{service.url}/elsewhere")
    with pytest.raises(Permanent):
        push(service.browser("mine"))
    assert [one.path for one in service.got] == ["/mine"]


@pytest.mark.usefixtures("service")
def test_a_service_that_does_not_answer_is_tried_again() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(Retry):
            push(Browser(f"http://127.0.0.1:{nobody.getsockname()[1]}/x"))


def test_keys_that_are_none_end_the_device(service: PushService) -> None:
    for keys in ({"p256dh": "", "auth": ""}, {"p256dh": "AAAA", "auth": "AAAA"}, {"p256dh": "?", "auth": "?"}):
        with pytest.raises(Permanent) as raised:
            sender_of("push").send(
                Address("push", f"{service.url}/mine", keys["p256dh"], keys["auth"]), EMPTY, once="sidak-1"
            )
        assert raised.value.gone
    assert service.got == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.example/x",
        "https://127.0.0.1/x",
        "https://[::1]:8000/x",
        "https://localhost/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.168.1.1:22/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[fe80::1]/x",
        "https://0.0.0.0/x",
        "https://user:pass@8.8.8.8/x",
        "https://8.8.8.8:0/x",
        "https:///x",
        "ftp://8.8.8.8/x",
        "https://8.8.8.8/x\r\nHost: a",
        "https://[nonsense/x",
    ],
)
def test_a_browser_can_send_us_to_no_place_of_our_own(endpoint: str, settings: Any) -> None:
    settings.PUSH_PRIVATE_HOSTS = False
    with mock.patch("socket.create_connection") as connected, pytest.raises(Permanent):
        push(Browser(endpoint))
    connected.assert_not_called()


def test_a_name_is_judged_by_all_it_leads_to_and_connected_to_what_was_judged() -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    with mock.patch("socket.getaddrinfo", return_value=found), pytest.raises(safe_http.AddressRefused):
        safe_http.post("https://rebinding.example/x", b"", {}, private=False)
    with (
        mock.patch("socket.getaddrinfo", return_value=found[:1]),
        mock.patch("socket.create_connection", side_effect=ConnectionRefusedError) as connected,
        pytest.raises(ConnectionRefusedError),
    ):
        safe_http.post("https://push.example/x", b"", {}, private=False)
    assert connected.call_args.args[0] == ("8.8.8.8", 443)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001:80b::200a", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("172.16.3.4", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:8.8.8.8", False),
        ("2002:a00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("5f00::1", False),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("2606:4700::1111", True),
    ],
)
def test_which_addresses_are_on_the_open_internet(address: str, expected: bool) -> None:
    assert safe_http.is_public(address) is expected


def test_the_gateway_can_verify_sender_and_time(service: PushService, settings: Any) -> None:
    settings.SITE_URL = "https://sidak.example/"
    sender_of("webhook").send(Address("webhook", "+6281234567890"), EMPTY, once="sidak-7")
    got = service.got[0]
    at = got.headers["x-sidak-timestamp"]
    assert got.headers["x-sidak-signature"] == "sha256=" + signature("rahasia-bersama", at, got.body)
    assert got.headers["x-sidak-signature"] != "sha256=" + signature("rahasia-lain", at, got.body)
    assert got.headers["x-sidak-signature"] != "sha256=" + signature("rahasia-bersama", str(int(at) + 1), got.body)
    assert abs(int(at) - got.at) < 60
    body = json.loads(got.body)
    assert (body["to"], body["id"]) == ("+6281234567890", "sidak-7")
    assert (body["title"], body["url"]) == (EMPTY.title, "https://sidak.example/indikasi/5/")
    assert got.headers["idempotency-key"] == "sidak-7"


def test_the_signature_is_what_any_gateway_computes() -> None:
    # printf '1700000000.{}' | openssl dgst -sha256 -hmac s
    known = "e9232c9945da8456c2dea6b39da7786c07b00bca7a64d5dd1283674713a7b72a"
    assert signature("s", "1700000000", b"{}") == known


@pytest.mark.parametrize(("status", "error"), [(410, Retry), (503, Retry), (400, Permanent)])
def test_a_gateway_that_is_being_moved_is_tried_again(service: PushService, status: int, error: type) -> None:
    service.answer("gateway", status)
    with pytest.raises(error):
        sender_of("webhook").send(Address("webhook", "+6281234567890"), EMPTY, once="sidak-7")


def test_a_mail_has_subject_text_and_link_and_a_name_of_its_own(settings: Any) -> None:
    settings.SITE_URL = "https://sidak.example"
    broken = Message("Loket kosong\n18 menit", EMPTY.body, EMPTY.url, EMPTY.tag)
    for once in ("sidak-1", "sidak-1", "sidak-2"):
        sender_of("mail").send(Address("mail", "budi@example.test"), broken, once)
    one, again, other = mail.outbox
    assert (one.subject, one.to) == ("Loket kosong 18 menit", ["budi@example.test"])
    assert one.body == f"{EMPTY.body}\n\nhttps://sidak.example/indikasi/5/\n"
    names = [message.extra_headers["Message-ID"] for message in (one, again, other)]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), Permanent),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"greylisted")}), Retry),
        (smtplib.SMTPDataError(554, b"spam"), Permanent),
        (smtplib.SMTPDataError(451, b"later"), Retry),
        (smtplib.SMTPServerDisconnected("gone"), Retry),
        (ConnectionRefusedError(), Retry),
    ],
)
def test_what_a_mail_server_says_and_what_it_means(raised: Exception, error: type) -> None:
    refusing = mock.patch("django.core.mail.backends.locmem.EmailBackend.send_messages", side_effect=raised)
    with refusing, pytest.raises(error):
        sender_of("mail").send(Address("mail", "budi@example.test"), EMPTY, "sidak-1")


def test_our_key_is_made_once_and_read_by_nobody_else(tmp_path: Any, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAR_DIR = "", tmp_path
    key = vapid.private_key()
    vapid._stored_key.cache_clear()
    assert vapid.private_key() == key
    assert [path.name for path in tmp_path.iterdir()] == ["vapid_key"]
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600


def test_a_key_of_ones_own_that_is_none_fails_loudly(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = vapid.generate_key()
    assert len(vapid.public_key()) == 87
    settings.VAPID_PRIVATE_KEY = "AAAA"
    with pytest.raises(ImproperlyConfigured):
        vapid.public_key()
