"""Shifts with two chiefs: duty, the sheet, the signature, what cannot be undone, and the pages of the log book."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.evidence.legal_holds import hold_office
from discipline.incidents.shifts import changes, notices
from discipline.incidents.shifts.duty import duty_now, log_entries
from discipline.incidents.shifts.models import Handover, HandoverSignature, LogEntry, Shift
from discipline.incidents.shifts.sheet_rule import SheetPart, from_json
from discipline.incidents.shifts.shift_rule import ShiftRefused
from discipline.incidents.tasks import changes as task_changes
from discipline.notices.models import Delivery
from discipline.notices.subjects import obsolete
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.troubles.models import CameraNote, CameraTrouble
from streams.control.steering.models import CameraAway
from streams.evidence.recording.models import RecordingHold
from streams.looks.streets.models import HintRule, HintSetting, StreetHint
from tests.support.base import MORNING, OfficeTestCase, member
from tests.support.incidents import an_incident, handed_over
from tests.support.places import camera_at, street_point

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
LATER = MORNING + timedelta(hours=1)


class Shifts(OfficeTestCase):
    def setUp(self) -> None:
        self.bayu = member("bayu", Membership.Role.OPERATOR)

    def refused(self, why: str) -> pytest.RaisesExc[ShiftRefused]:
        return pytest.raises(ShiftRefused, match=f"^{why}$")

    def test_people_join_for_their_agency_and_all_duty_ends_with_the_shift(self) -> None:
        ani, dishub = self.world.ani, Agency.objects.create(code="uji", name="Dinas Uji")
        with self.refused(ShiftRefused.NONE):
            changes.join(None, self.bayu, MORNING)
        shift = changes.begin(" Regu A ", None, ani, MORNING)
        with self.refused(ShiftRefused.OPEN):
            changes.begin("Regu B", None, self.bayu, MORNING)
        changes.join(dishub, self.bayu, MORNING)
        changes.join(dishub, self.bayu, LATER)  # again: nothing happens
        found = duty_now(LATER)
        assert [(name, [one.user for one in members]) for name, members in found.by_agency] == [
            ("Ruang kendali", [ani]),
            ("Dinas Uji", [self.bayu]),
        ]
        changes.join(None, self.bayu, LATER)  # now for no agency
        assert shift.members.filter(user=self.bayu).count() == 2
        with self.refused(ShiftRefused.CHIEF):
            changes.leave(ani, LATER)
        with self.refused(ShiftRefused.NOT_CHIEF):
            changes.hand_over("", self.bayu, LATER)
        changes.leave(self.bayu, LATER)
        with self.refused(ShiftRefused.NOT_ON_DUTY):
            changes.leave(self.bayu, LATER)
        changes.hand_over("", ani, LATER)
        assert duty_now(LATER).shift is None
        assert not shift.members.filter(until=None).exists()

    def test_only_the_next_chief_signs_and_until_then_the_queue_warns(self) -> None:
        now = timezone.now()
        made = handed_over(self.world.ani, now - timedelta(minutes=31))
        warning = "belum ditandatangani setelah 30 menit"
        self.client.force_login(self.world.walikota)
        self.assertContains(self.client.get(reverse("queue")), warning)
        changes.begin("Regu B", None, self.world.ani, now)
        with self.refused(ShiftRefused.SAME_PERSON):  # chief again
            changes.sign(made, self.world.ani, now)
        with self.refused(ShiftRefused.NOT_NEXT_CHIEF):
            changes.sign(made, self.bayu, now)
        second = changes.hand_over("", self.world.ani, now)
        changes.begin("Regu C", None, self.bayu, now)
        self.client.force_login(self.bayu)
        page = self.client.post(reverse("handover-sign", args=[made.pk]), follow=True)
        self.assertContains(page, "Ditandatangani bayu")
        with self.refused(ShiftRefused.SIGNED):
            changes.sign(made, self.bayu, now)
        page = self.client.get(reverse("queue"))
        self.assertNotContains(page, warning)  # the second is not 30 minutes old
        self.assertContains(page, "Yang jaga: Regu C, kepala bayu")
        assert duty_now(now).unsigned == [second]

    def test_the_mayor_is_told_once_of_a_handover_that_nobody_signs(self) -> None:
        mayor, ani = self.world.walikota, self.world.ani
        for user in (mayor, ani):
            user.email = f"{user.username}@kota.example"
            user.save()
        made = handed_over(ani)
        changes.begin("Regu B", None, self.bayu, MORNING)
        times = (timedelta(minutes=30), timedelta(minutes=31), timedelta(minutes=32), timedelta(hours=2))
        assert [notices.notify_unsigned(MORNING + after) for after in times] == [0, 1, 0, 0]
        [row] = Delivery.objects.all()
        assert (row.user, row.url) == (mayor, reverse("handover", args=[made.pk]))
        assert row.title == "Serah terima Regu A belum ditandatangani"
        assert "Kepala giliran sekarang: bayu." in row.body
        assert not obsolete(row.subject_key)
        self.client.force_login(mayor)
        page = self.client.get(row.url)
        self.assertContains(page, "Wali Kota diberi tahu")
        self.assertContains(page, "Regu A, kepala ani")
        changes.sign(made, self.bayu, LATER)
        assert obsolete(row.subject_key) == Delivery.Why.ANSWERED
        second = changes.hand_over("", self.bayu, LATER)
        changes.begin("Regu C", None, ani, LATER)
        changes.sign(second, ani, LATER)
        assert notices.notify_unsigned(LATER + timedelta(hours=1)) == 0

    def test_the_sheet_holds_what_the_system_knows(self) -> None:
        flood = an_incident(self.world)
        task_changes.ask(flood, self.world.ilir35, "Periksa", self.world.ani, MORNING)  # accept in 10 minutes
        camera, ani = camera_at(street_point()), self.world.ani
        hint = StreetHint.objects.create(camera=camera, kind="water", level="betis", started_at=MORNING)
        CameraTrouble.objects.create(camera=camera, cause="refused", since=MORNING)
        office_camera = self.world.cameras[self.world.ilir35.pk]
        CameraNote.objects.create(
            camera=office_camera, kind="planned", text="Ganti kabel", at=MORNING, until=LATER, by=ani
        )
        CameraAway.objects.create(camera=camera, since=MORNING, moved_at=MORNING)
        RecordingHold.objects.create(
            camera=camera, since=MORNING, until=LATER, reason="Surat Polresta nomor 12", by=ani
        )
        HintSetting.objects.create(
            camera=camera, kind="congestion", on=True, polygon=SQUARE, since=MORNING - timedelta(days=2), by=ani
        )
        for number in range(HintRule.current().counted):
            at = MORNING - timedelta(days=1, minutes=number)
            StreetHint.objects.create(
                camera=camera,
                kind="congestion",
                level="macet",
                started_at=at,
                ended_at=at,
                decision="no",
                decided_by=ani,
                decided_at=at,
            )
        hold_office(
            self.world.ilir35, MORNING.date(), MORNING.date(), "Permintaan Inspektorat", self.world.intan.pk, MORNING
        )
        changes.begin("Regu A", None, ani, MORNING)
        for at in (MORNING - timedelta(hours=1), MORNING):
            CameraNote.objects.create(camera=None, kind=CameraNote.Kind.SHIFT, text=f"Kunci {at:%H}", at=at, by=ani)
        made = changes.hand_over("Pompa Sekip", ani, MORNING + timedelta(minutes=30))
        made.refresh_from_db()
        parts = {one.part: one.lines for one in from_json(made.snapshot)}
        assert [(line.title, line.owner) for line in parts[SheetPart.INCIDENTS]] == [
            (f"{flood.number} {flood.title}", "ani")
        ]
        assert [line.title for line in parts[SheetPart.LATE_TASKS]] == [f"{flood.number} {flood.title}"]
        assert [line.url for line in parts[SheetPart.UNOWNED]] == [f"{reverse('hints')}#petunjuk-{hint.pk}"]
        assert [line.detail for line in parts[SheetPart.PLANNED]] == ["Ganti kabel"]
        assert [line.detail for line in parts[SheetPart.MUTED]] == ["Kemacetan"]
        assert [line.detail for line in parts[SheetPart.HOLDS]] == [
            "Surat Polresta nomor 12",
            "Permintaan Inspektorat",
        ]
        assert [line.title for line in parts[SheetPart.NOTES]] == ["Kunci 02"]  # of this shift
        assert [len(parts[part]) for part in (SheetPart.CAMERAS, SheetPart.AWAY)] == [1, 1]

    def test_handovers_signatures_and_the_log_book_never_change(self) -> None:
        made = handed_over(self.world.ani)
        changes.begin("Regu B", None, self.bayu, MORNING)
        changes.sign(made, self.bayu, MORNING)
        changes.write("Telepon dari PLN", self.bayu, MORNING)
        for model, column in ((Handover, "made_at"), (HandoverSignature, "signed_at"), (LogEntry, "at")):
            with pytest.raises(DatabaseError, match="append"), transaction.atomic():
                model._default_manager.update(**{column: LATER})
            with pytest.raises(DatabaseError, match="append"), transaction.atomic():
                model._default_manager.all()._raw_delete(using="default")
        assert LogEntry.objects.get().shift == Shift.objects.get(ended_at=None)

    def test_the_log_book_is_searched_by_all_words_and_refused_text_comes_back(self) -> None:
        for text in ("Pompa Sekip menyala", "Pompa Bendung mati", "Tamu dari Polresta"):
            changes.write(text, self.world.ani, MORNING)
        assert [one.text for one in log_entries("pompa ANI mati")] == ["Pompa Bendung mati"]
        self.client.force_login(self.world.ani)
        page = self.client.get(reverse("log-book"), {"cari": "sekip"})
        self.assertContains(page, "Pompa Sekip menyala")
        self.assertNotContains(page, "Polresta")
        long = "panjang " * 251
        self.assertContains(self.client.post(reverse("log-book"), {"text": long}), "panjang panjang", status_code=422)
        self.client.post(reverse("log-book"), {"text": "baris\r\n" * 300})  # 1,800 characters to a browser
        assert LogEntry.objects.count() == 4
        self.client.force_login(self.world.intan)  # may read
        assert self.client.post(reverse("log-book"), {"text": "x"}).status_code == 403
