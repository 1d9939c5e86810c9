"""Lurah explain, camat decide, the mayor reads: what applies, what is kept, what is refused."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discipline.alerts import deadlines, reminders
from discipline.alerts.inbox import queries as inbox
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.core.models import Attachment
from discipline.staffing.alert_kinds import AlertKind
from offices.access.gate import scope_of
from offices.access.models import FileAccess
from offices.hours.models import HoursPlan
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import grey_jpeg

PHOTO = grey_jpeg(90)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class DecisionCase(OfficeTestCase):
    def setUp(self) -> None:
        self.alert = self.world.accuse(self.world.counter(self.world.ilir35), explain_by=MORNING + timedelta(days=3))

    def last_seen(self) -> int | str:
        newest = self.alert.decisions.order_by("-pk").first()
        return newest.pk if newest else ""

    def post(self, who: str, name: str, **form: Any) -> Any:
        self.client.force_login(getattr(self.world, who))
        return self.client.post(
            reverse(name, args=[self.alert.pk]), {"last_seen": self.last_seen()} | form, follow=True
        )

    def decide(self, who: str, act: str, **form: Any) -> Any:
        return self.post(who, "indication-decide", act=act, **form)

    def explain(self, who: str = "dewi", **form: Any) -> Any:
        return self.post(who, "indication-explain", **{"reason": "dinas_luar", "text": "Rapat di kecamatan"} | form)

    def outcome(self) -> str:
        return Alert.objects.get(pk=self.alert.pk).outcome


class Deciding(DecisionCase):
    def test_the_lurah_explains_the_camat_excuses_and_everybody_reads_it(self) -> None:
        self.explain()
        self.decide("budi", "excused", reason="dinas_luar", text="Surat tugas ada")
        assert self.outcome() == "excused"
        for reader in ("walikota", "dewi", "intan", "ani"):
            self.client.force_login(getattr(self.world, reader))
            page = self.client.get(reverse("indication", args=[self.alert.pk])).content.decode()
            assert "Dengan izin" in page
            assert "Rapat di kecamatan" in page
            assert "Surat tugas ada" in page

    def test_only_the_camat_of_the_kecamatan_decides_and_only_the_lurah_of_the_office_explains(self) -> None:
        for who in ("walikota", "ani", "dewi", "intan"):
            self.decide(who, "confirmed")
        for who in ("walikota", "ani", "budi", "intan"):
            self.explain(who)
        assert self.decide("citra", "confirmed").status_code == 404
        assert self.explain("eko").status_code == 404
        assert Decision.objects.count() == 0

    def test_a_decision_is_undone_and_what_stood_before_stands_again(self) -> None:
        self.decide("budi", "confirmed")
        self.decide("budi", "undone")
        assert self.outcome() == ""
        assert [row.what for row in self.alert.decisions.all()] == ["confirmed", "undone"]

    def test_after_ten_minutes_only_a_new_decision_with_its_reason_changes_it(self) -> None:
        at = timezone.now() - timedelta(minutes=11)
        Decision.objects.create(alert=self.alert, at=at, by=self.world.budi, role="camat", what="confirmed")
        Alert.objects.filter(pk=self.alert.pk).update(outcome="confirmed")
        assert "lebih dari 10 menit" in self.decide("budi", "undone").content.decode()
        assert "alasan tertulis" in self.decide("budi", "excused", reason="izin").content.decode()
        assert self.outcome() == "confirmed"
        self.decide("budi", "excused", reason="izin", text="Surat izin menyusul")
        assert self.outcome() == "excused"

    def test_a_stale_page_decides_nothing_and_says_so(self) -> None:
        self.explain()
        page = self.decide("budi", "confirmed", last_seen="")
        assert "tanggapan lain yang baru saja masuk" in page.content.decode()
        assert self.outcome() == ""

    def test_a_second_click_changes_nothing(self) -> None:
        self.decide("budi", "confirmed")
        assert "sudah berlaku" in self.decide("budi", "confirmed").content.decode()
        assert Decision.objects.count() == 1

    def test_camera_faults_are_nobodys_to_decide(self) -> None:
        fault = self.world.accuse(self.world.counter(self.world.kemang), kind=AlertKind.CAMERA_FAULT)
        self.client.force_login(self.world.budi)
        page = self.client.get(reverse("indication", args=[fault.pk])).content.decode()
        assert "Penjelasan dan keputusan" not in page
        self.client.post(reverse("indication-decide", args=[fault.pk]), {"act": "confirmed"})
        assert Decision.objects.count() == 0

    def test_an_indication_that_went_on_as_another_leads_there(self) -> None:
        later = self.world.accuse(self.world.counter(self.world.ilir35), kind=AlertKind.EARLY_LEAVE)
        Alert.objects.filter(pk=self.alert.pk).update(superseded_by=later)
        page = self.decide("budi", "confirmed").content.decode()
        assert reverse("indication", args=[later.pk]) in page
        assert self.outcome() == ""

    def test_what_was_explained_before_it_went_on_is_not_asked_again(self) -> None:
        self.explain()
        later = self.world.accuse(
            self.world.counter(self.world.ilir35), kind=AlertKind.EARLY_LEAVE, explain_by=self.alert.explain_by
        )
        Alert.objects.filter(pk=self.alert.pk).update(superseded_by=later)
        self.client.force_login(self.world.budi)
        page = self.client.get(reverse("indication", args=[later.pk])).content.decode()
        assert "Sebelumnya tercatat sebagai: Loket kosong" in page
        assert reverse("indication", args=[self.alert.pk]) in page
        assert "Menunggu keputusan camat" in page
        assert inbox.count_waiting(scope_of(self.world.budi), MORNING) == {"jelaskan": 0, "putuskan": 1}

    def test_false_alarms_leave_what_reports_count(self) -> None:
        assert self.alert in Alert.objects.counted()
        self.decide("budi", "false_alarm", reason="staff_there")
        assert self.alert not in Alert.objects.counted()

    def test_the_office_page_keeps_a_false_alarm_in_its_list_but_not_in_its_count(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35, 2))
        path = reverse("office", args=[self.world.ilir35.code])
        self.client.force_login(self.world.budi)
        assert "2 dihitung dalam laporan" in self.client.get(path).content.decode()
        self.decide("budi", "false_alarm", reason="staff_there")
        page = self.client.get(path).content.decode()
        assert "1 dihitung dalam laporan" in page
        assert page.count('class="alert ') == 2
        assert "Alarm keliru" in page

    def test_a_reason_that_does_not_fit_the_decision_is_refused(self) -> None:
        for act, reason in (("excused", "staff_there"), ("excused", ""), ("false_alarm", "apel"), ("hukum", "apel")):
            self.decide("budi", act, reason=reason)
        assert Decision.objects.count() == 0

    def test_the_database_refuses_to_change_decisions(self) -> None:
        self.explain()
        for change in (lambda: Decision.objects.update(text=""), Decision.objects.get().delete):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()

    def test_what_people_type_is_text_and_nothing_else(self) -> None:
        self.explain(text="<script>alert(1)</script>")
        self.client.force_login(self.world.budi)
        page = self.client.get(reverse("indication", args=[self.alert.pk])).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


class Attaching(DecisionCase):
    def attach(self, name: str, data: bytes) -> str:
        return self.explain(attachment=SimpleUploadedFile(name, data)).content.decode()

    def test_a_photo_and_a_letter_are_kept_and_come_as_downloads(self) -> None:
        for name, data, kind in (("foto.jpg", PHOTO, "image/jpeg"), ("surat.pdf", PDF, "application/pdf")):
            self.attach(name, data)
            file = Attachment.objects.get(name=name)
            answer = self.client.get(reverse("attachment", args=[file.pk]))
            assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            logged = FileAccess.objects.get(kind="attachment", key=file.pk)
            assert (logged.title, logged.offices) == (name, [self.alert.counter.kelurahan_id])

    def test_it_is_judged_by_its_content_and_not_by_its_name(self) -> None:
        for data in (
            b"MZ\x90\x00" + bytes(200),
            b"<html><script>1</script></html>",
            b"\xff\xd8\xff\xe0" + bytes(64),
            b"x",
        ):
            assert "bukan PDF, JPEG, atau PNG" in self.attach("surat-tugas.pdf", data)
        assert (Attachment.objects.count(), Decision.objects.count()) == (0, 0)

    def test_nothing_is_left_of_a_file_whose_explanation_was_refused(self) -> None:
        self.explain()
        folder = Path(settings.ATTACHMENT_DIR)
        before = set(folder.glob("*"))
        self.explain(attachment=SimpleUploadedFile("foto.jpg", PHOTO), last_seen="")
        assert Attachment.objects.count() == 0
        assert set(folder.glob("*")) == before

    def test_what_was_typed_outlives_a_refusal_once_and_only_there(self) -> None:
        page = self.attach("surat.pdf", b"MZ")
        assert "Rapat di kecamatan</textarea>" in page
        other = self.world.accuse(self.world.counter(self.world.ilir35, 2))
        assert "Rapat di kecamatan" not in self.client.get(reverse("indication", args=[other.pk])).content.decode()
        self.explain()
        assert (
            "Rapat di kecamatan</textarea>"
            not in self.client.get(reverse("indication", args=[self.alert.pk])).content.decode()
        )

    def test_more_than_ten_megabytes_are_refused_in_words(self) -> None:
        assert "lebih besar dari 10 MB" in self.attach("besar.jpg", PHOTO + bytes(10 * 1024 * 1024))
        assert Attachment.objects.count() == 0

    def test_who_does_not_see_the_office_does_not_get_the_file(self) -> None:
        self.attach("foto.jpg", PHOTO)
        path = reverse("attachment", args=[Attachment.objects.get().pk])
        for who, status in (("budi", 200), ("walikota", 200), ("citra", 404), ("eko", 404), ("tamu", 404)):
            self.client.force_login(getattr(self.world, who))
            assert self.client.get(path).status_code == status, who


class Waiting(DecisionCase):
    def waiting(self, who: str) -> dict[str, int]:
        return inbox.count_waiting(scope_of(getattr(self.world, who)), MORNING)

    def test_each_stage_counts_what_waits_there(self) -> None:
        assert self.waiting("dewi") == {"jelaskan": 1, "putuskan": 0}
        self.explain()
        assert self.waiting("budi") == {"jelaskan": 0, "putuskan": 1}
        self.decide("budi", "confirmed")
        assert self.waiting("budi") == {"jelaskan": 0, "putuskan": 0}
        assert inbox.count_outcomes(scope_of(self.world.walikota))["confirmed"] == 1

    def test_what_nobody_explained_in_time_waits_for_the_camat(self) -> None:
        later = MORNING + timedelta(days=4)
        assert inbox.count_waiting(scope_of(self.world.budi), later) == {"jelaskan": 0, "putuskan": 1}

    def test_the_list_shows_only_the_own_scope_and_filters(self) -> None:
        self.world.accuse(self.world.counter(self.world.ulu5), explain_by=MORNING + timedelta(days=1))
        self.client.force_login(self.world.walikota)
        shown = {
            "tahap=semua": ("35 Ilir", "5 Ulu"),
            "tahap=semua&q=tiga+puluh+lima": ("35 Ilir",),
            "tahap=semua&kecamatan=16.71.02": ("5 Ulu",),
            "tahap=semua&jenis=early_leave": (),
            "tahap=selesai": (),
            "tahap=semua&dari=2026-11-23&sampai=2026-11-23": ("35 Ilir", "5 Ulu"),
            "tahap=semua&dari=2026-11-24": (),
            "tahap=semua&dari=kemarin&hal=banyak": ("35 Ilir", "5 Ulu"),
        }
        for query, names in shown.items():
            page = self.client.get(f"{reverse('indications')}?{query}").content.decode()
            assert page.count('class="indication-what"') == len(names), query
            assert all(f"<span>{name}, Loket 1</span>" in page for name in names), query
        self.client.force_login(self.world.budi)
        assert "5 Ulu" not in self.client.get(reverse("indications") + "?tahap=semua").content.decode()

    def test_the_number_of_queries_does_not_grow_with_the_list(self) -> None:
        self.client.force_login(self.world.walikota)
        counts = []
        for _ in range(3):
            for number in (1, 2):
                self.world.accuse(self.world.counter(self.world.kemang, number), ended_at=MORNING)
            with CaptureQueriesContext(connection) as queries:
                self.client.get(reverse("indications") + "?tahap=semua")
            counts.append(len(queries))
        assert counts[0] == counts[1] == counts[2] < 23


class Reminding(DecisionCase):
    def setUp(self) -> None:
        deadlines.schedule.forget()
        super().setUp()

    def remind(self, days: float) -> list[str]:
        reminders.remind(MORNING + timedelta(days=days))
        return sorted(reminder.user.username for reminder in Reminder.objects.select_related("user"))

    def test_lurah_and_camat_are_reminded_once_before_and_once_after(self) -> None:
        assert self.remind(1) == []
        assert self.remind(2.5) == ["budi", "dewi"]
        assert self.remind(2.6) == ["budi", "dewi"]
        assert self.remind(3.1) == ["budi", "budi", "dewi", "dewi"]
        assert self.remind(4) == ["budi", "budi", "dewi", "dewi"]

    def test_the_reminder_of_a_monday_comes_on_the_friday_before(self) -> None:
        HoursPlan.objects.update(saturday="", sunday="")
        Alert.objects.update(explain_by=MORNING + timedelta(days=7))
        assert self.remind(3.9) == []  # Thursday
        assert self.remind(4) == ["budi", "dewi"]

    def test_who_has_an_address_gets_one_mail_for_each(self) -> None:
        type(self.world.dewi).objects.filter(username="dewi").update(email="dewi@example.test")
        self.remind(2.5)
        self.remind(2.6)
        assert [message.to for message in mail.outbox] == [["dewi@example.test"]]
        message = mail.outbox[0]
        assert message.subject == "Penjelasan ditunggu sampai Kamis 26 Nov, 09.00 WIB: 35 Ilir"
        assert f"/indikasi/{self.alert.pk}/" in message.body
        assert "09.00 WIB" in message.body

    def test_a_mail_server_that_is_away_gets_the_mail_later_but_not_of_what_was_answered(self) -> None:
        type(self.world.dewi).objects.filter(username__in=["dewi", "budi"]).update(email="kantor@example.test")
        nowhere = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_PORT": 1}
        with override_settings(**nowhere), self.assertLogs("discipline.alerts.reminders", "WARNING"):
            assert reminders.remind(MORNING + timedelta(days=2.5)) == 0
        assert reminders.remind(MORNING + timedelta(days=2.6)) == 2
        Reminder.objects.update(mailed_at=None)
        self.explain()
        assert reminders.remind(MORNING + timedelta(days=2.7)) == 0

    def test_nobody_is_reminded_of_what_is_explained_or_decided(self) -> None:
        self.explain()
        assert self.remind(3.1) == []
        other = self.world.accuse(self.world.counter(self.world.kemang), explain_by=MORNING + timedelta(days=3))
        Alert.objects.filter(pk=other.pk).update(outcome="confirmed")
        assert self.remind(3.1) == []
