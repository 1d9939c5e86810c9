"""The page on which users choose what they are notified of, and where."""

import json
from datetime import time
from typing import Any

from django.contrib.auth import get_user_model
from django.core import mail
from django.test import override_settings

from discipline.notices import devices
from discipline.notices.models import Delivery, Device, Escalation, NoticeRule
from discipline.notices.recipients import active_people
from discipline.notices.rule import TOPICS, Mode, mode_for
from discipline.staffing.alert_kinds import AlertKind
from offices.access.browser_names import browser_name
from tests.support.base import MORNING
from tests.support.push_service import Browser
from tests.support.receiving import ReceiverCase

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
USUAL = {"digest_1": "12:00", "digest_2": "16:30", "quiet_from": "21:00", "quiet_to": "06:00", "by_mail": "on"}


@override_settings(PUSH_PRIVATE_HOSTS=True)
class Page(ReceiverCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.world.budi)

    def subscribe(self, browser: Browser, **more: Any) -> Any:
        body = json.dumps(browser.subscription() | more)
        headers = {"User-Agent": ANDROID}
        return self.client.post("/pemberitahuan/perangkat/", body, "application/json", headers=headers)

    def choose(self, name: str = "budi", **more: Any) -> Any:
        """Save the page as shown, except for `more`."""
        person = active_people([getattr(self.world, name).pk])[getattr(self.world, name).pk]
        roles = person.roles(None)
        shown = {f"mode_{kind}": mode_for(kind, roles, person.wish).value for kind in TOPICS.values()}
        self.client.force_login(getattr(self.world, name))
        return self.client.post("/pemberitahuan/aturan/", shown | USUAL | more)

    def page(self) -> str:
        return self.client.get("/pemberitahuan/").content.decode()


class Devices(Page):
    def test_a_phone_is_registered_tested_and_revoked(self) -> None:
        phone = self.service.browser("phone")
        assert "Belum ada perangkat yang terdaftar" in self.page()
        made = self.subscribe(phone)
        assert (made.status_code, made.json()) == (201, {"id": Device.objects.get().pk})
        assert "Chrome di Android" in self.page()
        tested = self.client.post("/pemberitahuan/coba/", {"channel": "push", "device": made.json()["id"]}, follow=True)
        assert "Percobaan diserahkan" in tested.content.decode()
        assert [notice["title"] for notice in self.service.messages(phone)] == ["Percobaan dari Sidak"]
        assert "terakhir berhasil" in self.page()
        revoked = self.client.post(f"/pemberitahuan/perangkat/{made.json()['id']}/cabut/", follow=True)
        assert "Chrome di Android tidak lagi menerima pemberitahuan" in revoked.content.decode()
        assert Device.objects.get().ended_why == "revoked"

    def test_the_same_browser_stays_one_device_and_may_come_back_after_it_was_revoked(self) -> None:
        phone = self.service.browser("phone")
        first, again = self.subscribe(phone).json(), self.subscribe(phone).json()
        assert first == again
        devices.revoke(Device.objects.get(), MORNING)
        assert self.subscribe(phone).json() != first
        assert Device.objects.filter(ended_at=None).count() == 1

    def test_who_signs_out_of_a_browser_takes_its_messages_along_and_no_other_ones(self) -> None:
        devices.subscribe(self.world.budi.pk, self.service.browser("at-home").subscription(), "", MORNING)
        self.subscribe(self.service.browser("shared-desk"))
        self.client.post("/keluar/")
        assert [one.endpoint.split("/")[-1] for one in Device.objects.filter(ended_at=None)] == ["at-home"]

    def test_what_is_no_subscription_is_refused(self) -> None:
        phone = self.service.browser("phone")
        keys = phone.subscription()["keys"]
        wrong: list[dict[str, Any]] = [
            {"endpoint": "https://user@push.example/x"},
            {"endpoint": "file:///etc/passwd"},
            {"endpoint": 5},
            {"endpoint": "https://push.example/" + "x" * 1000},
            {"keys": None},
            {"keys": keys | {"p256dh": keys["auth"]}},
            {"keys": keys | {"p256dh": "B" * 87}},  # not a point on the curve
            {"keys": keys | {"auth": "kurang"}},
        ]
        for more in wrong:
            assert self.subscribe(phone, **more).status_code == 422, more
        assert self.client.post("/pemberitahuan/perangkat/", "[", "application/json").status_code == 422
        assert not Device.objects.exists()

    def test_without_leave_a_browser_may_name_no_plain_address(self) -> None:
        with override_settings(PUSH_PRIVATE_HOSTS=False):
            assert self.subscribe(self.service.browser("phone")).status_code == 422

    def test_nobody_registers_devices_without_end(self) -> None:
        for number in range(devices.MOST):
            assert self.subscribe(self.service.browser(f"phone{number}")).status_code == 201
        assert self.subscribe(self.service.browser("one-too-many")).status_code == 422
        assert self.subscribe(self.service.browser("phone0")).status_code == 201

    def test_a_test_says_what_went_wrong_and_can_not_be_sent_to_somebody_elses_phone(self) -> None:
        theirs = devices.subscribe(self.world.citra.pk, self.service.browser("citra").subscription(), "", MORNING)
        answer = self.client.post("/pemberitahuan/coba/", {"channel": "push", "device": theirs.pk}, follow=True)
        assert "tidak terdaftar" in answer.content.decode()
        assert self.service.got == []
        self.service.answer("phone", 503)
        device = self.subscribe(self.service.browser("phone")).json()["id"]
        answer = self.client.post("/pemberitahuan/coba/", {"channel": "push", "device": device}, follow=True)
        assert "Percobaan belum terkirim: 503" in answer.content.decode()
        for _ in range(6):
            answer = self.client.post("/pemberitahuan/coba/", {"channel": "push", "device": device}, follow=True)
        assert "Tunggu satu menit" in answer.content.decode()
        assert Delivery.objects.count() == 5

    def test_a_mail_can_be_tested_where_there_is_an_address(self) -> None:
        self.client.post("/pemberitahuan/coba/", {"channel": "mail"})
        assert mail.outbox == []
        get_user_model().objects.filter(pk=self.world.budi.pk).update(email="budi@example.test")
        assert "budi@example.test" in self.page()
        self.client.post("/pemberitahuan/coba/", {"channel": "mail"})
        assert [message.to for message in mail.outbox] == [["budi@example.test"]]

    def test_browsers_are_called_as_people_call_them(self) -> None:
        agents = {
            ANDROID: "Chrome di Android",
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/130 Safari/537 Edg/130.0": "Edge di Windows",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1": "Safari di iPhone",
            "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0": "Firefox di Linux",
            "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23 Chrome/115 Safari/537": "Samsung Internet di Android",
            "curl/8": "Peramban",
        }
        assert {agent: browser_name(agent) for agent in agents} == agents


class Choosing(Page):
    def test_who_saves_the_page_as_it_is_changes_nothing(self) -> None:
        before = active_people([self.world.budi.pk])[self.world.budi.pk].wish
        assert "Yang biasa bagi peran Anda" in self.page()
        assert self.choose().status_code == 302
        assert active_people([self.world.budi.pk])[self.world.budi.pk].wish == before
        assert "Aturan Anda sendiri berlaku" in self.page()

    def test_only_what_differs_from_the_usual_is_kept(self) -> None:
        self.choose(mode_absence="digest", min_minutes="20", quiet_from="", quiet_to="", digest_2="07:15", by_mail="")
        rule = NoticeRule.objects.get(user=self.world.budi)
        assert rule.modes == {"absence": Mode.DIGEST}
        assert (rule.min_minutes, rule.quiet_from, rule.by_mail) == (20, None, False)
        assert rule.digest_at == [time(7, 15), time(12)]

    def test_a_person_is_limited_to_parts_of_the_own_area_and_never_to_others(self) -> None:
        page = self.page()
        assert "Kemang Manis" in page
        assert "5 Ulu" not in page
        assert self.choose(kelurahan=[self.world.kemang.pk]).status_code == 302
        assert self.choose(kelurahan=[self.world.ulu5.pk]).status_code == 422
        self.choose("walikota", kecamatan=[self.world.kecamatan["16.71.02"].pk])
        rule = NoticeRule.objects.get(user=self.world.walikota)
        assert [kecamatan.name for kecamatan in rule.kecamatan.all()] == ["Seberang Ulu I"]

    def test_errors_stand_beside_their_fields(self) -> None:
        wrong = {
            "Isi keduanya": {"quiet_to": ""},
            "Jam tenang tidak dapat berakhir saat dimulai": {"quiet_to": "21:00"},
            "Tulis dengan kode negara": {"phone": "0812"},
        }
        with override_settings(WEBHOOK_URL="https://gateway.example/", WEBHOOK_SECRET="rahasia"):
            for sentence, more in wrong.items():
                answer = self.choose(**more)
                assert answer.status_code == 422
                assert sentence in answer.content.decode()
            assert self.choose(phone="+6281234567890").status_code == 302
            assert "+6281234567890" in self.page()
        assert self.choose(digest_1="", digest_2="").status_code == 422
        assert self.choose(mode_absence="sometimes").status_code == 422

    def test_the_operator_changes_the_escalation_and_everybody_reads_it(self) -> None:
        assert "camat setelah 15 menit" in self.page()
        self.client.force_login(self.world.ani)
        wrong = self.client.post("/pemberitahuan/eskalasi/", {"lurah": 20, "camat": 10, "mayor": 60})
        assert (wrong.status_code, "tidak sebelum camat" in wrong.content.decode()) == (422, True)
        for camat in (10, 12):
            self.client.post("/pemberitahuan/eskalasi/", {"lurah": 0, "camat": camat, "mayor": 45})
        assert (Escalation.current().camat, Escalation.objects.count()) == (12, 1)
        self.client.force_login(self.world.budi)
        assert "camat setelah 12 menit, Wali Kota setelah 45 menit" in self.page()

    def test_the_page_asks_as_often_whatever_was_sent(self) -> None:
        phone = devices.subscribe(self.world.budi.pk, self.service.browser("phone").subscription(), "", MORNING)
        for number in range(12):
            Delivery.objects.create(
                user=self.world.budi,
                subject_key=f"alert:{number}",
                kind=AlertKind.ABSENCE,
                channel="push",
                device=phone,
                place=self.world.ilir35.place,
                created_at=MORNING,
                due_at=MORNING,
            )
        with self.assertNumQueries(22):
            assert self.page().count("Loket kosong</strong>, 35 Ilir") == 12
