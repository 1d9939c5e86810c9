"""The pages of API clients: an operator adds, extends and revokes one; the inspectorate may read."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from discipline.api.access.models import ApiClient, Webhook, WebhookCall
from offices.hours.schedule import ZONE
from tests.support.api_clients import System
from tests.support.receiving import ReceiverCase

TOKEN = re.compile(r'id="secret" readonly value="([^"]+)"')


@override_settings(API_WEBHOOK_PRIVATE_HOSTS=True)
class Integrations(ReceiverCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.world.ani)
        self.today = datetime.now(ZONE).date()

    def fill(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "Presensi BKPSDM",
            "purpose": "Rekap kehadiran bulanan",
            "contact": "Bidang Disiplin",
            "area": "some",
            "rights": ["counters"],
            "kecamatan": [self.world.kecamatan["16.71.01"].pk],
            "last_day": self.today + timedelta(days=90),
            "per_minute": 30,
        } | more

    def text(self, answer: Any) -> str:
        return str(answer.content.decode())

    def test_ani_lets_a_system_in_and_its_token_reads_what_she_chose(self) -> None:
        made = self.client.post(reverse("integration-add"), self.fill())
        found = TOKEN.search(self.text(made))
        assert found
        assert "no-store" in made["Cache-Control"]
        client = ApiClient.objects.get()
        assert client.made_by == self.world.ani
        assert client.expires_at.astimezone(ZONE).date() == self.today + timedelta(days=91)
        asked = {"Authorization": f"Bearer {found[1]}"}
        offices = self.client.get("/api/v1/kantor", headers=asked).json()["items"]
        assert [one["code"] for one in offices] == ["16.71.01.1001", "16.71.01.1007"]
        page = self.text(self.client.get(reverse("integration", args=[client.pk])))
        assert found[1] not in page
        assert client.token_start in page

    def test_invalid_fields_are_reported_and_nothing_is_created(self) -> None:
        System(self.world, "Sudah ada", city=True)
        wrong: tuple[tuple[dict[str, Any], str], ...] = (
            ({"kecamatan": []}, "Pilih sedikitnya satu kecamatan, kelurahan, atau instansi."),
            ({"last_day": self.today - timedelta(days=1)}, "Tanggal ini sudah lewat."),
            ({"last_day": self.today + timedelta(days=800)}, "Paling lama dua tahun"),
            ({"rights": []}, "field-error"),
            ({"name": "Sudah ada"}, "Sudah ada"),
            ({"per_minute": 0}, "has-error"),
            ({"contact": ""}, "has-error"),
        )
        for change, words in wrong:
            answer = self.client.post(reverse("integration-add"), self.fill(**change))
            assert answer.status_code == 422
            assert words in self.text(answer)
        assert ApiClient.objects.count() == 1

    def test_the_whole_city_needs_no_kecamatan_and_keeps_none(self) -> None:
        self.client.post(reverse("integration-add"), self.fill(area="city"))
        client = ApiClient.objects.get()
        assert client.city
        assert not client.kecamatan.exists()

    def test_an_expired_token_is_extended_and_opens_again(self) -> None:
        system = System(self.world, days=-1, city=True)
        assert system.get("/klien").status_code == 401
        assert "Kedaluwarsa" in self.text(self.client.get(reverse("integrations")))
        self.client.post(reverse("integration-change", args=[system.client.pk]), self.fill(name="BKPSDM", area="city"))
        assert system.get("/klien").json()["per_minute"] == 30
        changed = ApiClient.objects.get()
        assert changed.changed_by == self.world.ani

    def test_a_token_that_ends_within_two_weeks_is_marked(self) -> None:
        System(self.world, "Lama", days=15, city=True)
        assert "segera berakhir" not in self.text(self.client.get(reverse("integrations")))
        soon = System(self.world, "Segera", days=13, city=True)
        for address in (reverse("integrations"), reverse("integration", args=[soon.client.pk])):
            assert self.text(self.client.get(address)).count("segera berakhir") == 1

    def test_a_lost_token_is_replaced(self) -> None:
        system = System(self.world, city=True)
        page = self.text(self.client.post(reverse("integration-renew", args=[system.client.pk])))
        found = TOKEN.search(page)
        assert found
        assert system.get("/klien").status_code == 401
        system.token = found[1]
        assert system.get("/klien").status_code == 200

    def test_revoking_asks_first_and_is_for_good(self) -> None:
        system = System(self.world, city=True)
        address = reverse("integration-revoke", args=[system.client.pk])
        assert "Cabut token BKPSDM?" in self.text(self.client.get(address))
        assert system.get("/klien").status_code == 200
        self.client.post(address)
        assert system.get("/klien").status_code == 401
        page = self.text(self.client.get(reverse("integration", args=[system.client.pk])))
        assert "Dicabut" in page
        assert "Tambah webhook" not in page
        for name in ("integration-change", "integration-renew", "integration-revoke", "webhook-add"):
            assert self.client.post(reverse(name, args=[system.client.pk])).status_code == 404

    def test_a_webhook_is_added_tried_and_stopped(self) -> None:
        system = System(self.world, city=True)
        url = f"{self.service.url}/hook"
        added = self.text(
            self.client.post(reverse("webhook-add", args=[system.client.pk]), {"url": url, "about": ["indication"]})
        )
        secret = TOKEN.search(added)
        hook = Webhook.objects.get()
        assert secret
        assert secret[1] == hook.secret
        tried = self.client.post(reverse("webhook-test", args=[hook.pk]), follow=True)
        assert "Percobaan diterima" in self.text(tried)
        assert self.service.got[0].path == "/hook"
        self.service.answer("hook", 500)
        failed = self.text(self.client.post(reverse("webhook-test", args=[hook.pk]), follow=True))
        assert "Percobaan belum diterima: 500" in failed
        assert failed.count("became is-failed") == 1
        stopped = self.text(self.client.post(reverse("webhook-stop", args=[hook.pk]), follow=True))
        assert "1 webhook yang dihentikan" in stopped
        assert WebhookCall.objects.count() == 2

    def test_an_address_that_is_no_web_address_is_refused_in_words(self) -> None:
        system = System(self.world, city=True)
        hook = reverse("webhook-add", args=[system.client.pk])
        for url in ("bkpsdm", "ftp://bkpsdm.example/", "https://user:sandi@bkpsdm.example/", "https://"):
            assert "Tulis alamat https://" in self.text(
                self.client.post(hook, {"url": url, "about": ["indication"]})
            ), url
        with override_settings(API_WEBHOOK_PRIVATE_HOSTS=False):
            assert self.client.post(hook, {"url": "http://bkpsdm.example/", "about": ["indication"]}).status_code == 422
        assert self.client.post(hook, {"url": "https://bkpsdm.example/", "about": ["indication"]}).status_code == 200
        assert "sudah terdaftar" in self.text(
            self.client.post(hook, {"url": "https://bkpsdm.example/", "about": ["indication"]})
        )

    def test_the_inspectorate_looks_and_changes_nothing(self) -> None:
        system = System(self.world, city=True)
        self.client.force_login(self.world.intan)
        page = self.text(self.client.get(reverse("integration", args=[system.client.pk])))
        assert "BKPSDM" in page
        assert "<form" not in page.split("<main", 1)[1]
        assert "Tambah sistem" not in self.text(self.client.get(reverse("integrations")))

    def test_without_any_system_the_page_says_what_it_is_for(self) -> None:
        assert "Belum ada sistem yang membaca Sidak" in self.text(self.client.get(reverse("integrations")))

    def test_the_page_speaks_english_to_who_chose_it(self) -> None:
        System(self.world, days=-1, city=True)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "Expired" in self.text(self.client.get(reverse("integrations")))
        guide = self.text(self.client.get(reverse("api-description")))
        assert "List of offices" in guide
        assert "Daftar kantor" not in guide

    def test_last_used_is_shown(self) -> None:
        system = System(self.world, city=True)
        assert "belum pernah" in self.text(self.client.get(reverse("integrations")))
        system.get("/klien")
        now = datetime.now(UTC).astimezone(ZONE)
        assert f"{now:%Y}" in self.text(self.client.get(reverse("integrations"))).split("Terakhir dipakai")[1][:60]
