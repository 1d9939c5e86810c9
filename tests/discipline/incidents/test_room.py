"""The list of who may enter the room, visits that are only added to, their corrections, the paper and the deletion."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from discipline.incidents.room import changes, finding
from discipline.incidents.room.changes import VisitDetails
from discipline.incidents.room.door_rule import RoomRefused
from discipline.incidents.room.models import RoomPass, RoomRetention, RoomVisit
from offices.hours.schedule import local_day
from tests.support.base import MORNING, OfficeTestCase
from tests.support.incidents import a_room_visit, room_pass

LATER, DAY, MINUTE = MORNING + timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
LOOKS = os.environ.get("LOOKS")  # a folder for the paper, to look at it


class Room(OfficeTestCase):
    def refused(self, why: str) -> pytest.RaisesExc[RoomRefused]:
        return pytest.raises(RoomRefused, match=f"^{why}$")

    def test_only_who_is_on_the_list_today_is_let_in_and_once(self) -> None:
        ani, rudi = self.world.ani, room_pass(self.world)
        for at in (MORNING - DAY, MORNING + 7 * DAY):
            with self.refused(RoomRefused.NOT_LISTED):
                changes.let_in(rudi, "Mengganti panel", ani, at)
        with self.refused(RoomRefused.NO_TEXT):
            changes.let_in(rudi, " ", ani, MORNING)
        visit = changes.let_in(rudi, "Mengganti panel", ani, MORNING)
        with self.refused(RoomRefused.INSIDE):
            changes.let_in(rudi, "Lagi", ani, LATER)
        assert [one.room_pass for one in finding.inside()] == [rudi]
        out = changes.let_out(visit, self.world.citra, LATER)
        assert (out.let_in_by, out.by, out.left_at) == (ani, self.world.citra, LATER)
        with self.refused(RoomRefused.STALE):
            changes.let_out(visit, ani, LATER)
        with self.refused(RoomRefused.LEFT):
            changes.let_out(out, ani, LATER)
        assert not finding.inside()
        changes.end_pass(rudi, ani, LATER)
        with self.refused(RoomRefused.NOT_LISTED):
            changes.let_in(rudi, "Mengganti panel", ani, LATER)

    def test_a_correction_is_a_new_row_with_its_reason(self) -> None:
        ani, visit = self.world.ani, a_room_visit(self.world)
        fixed = VisitDetails(MORNING - 10 * MINUTE, None, "Mengganti panel")
        for details, note, why in (
            (VisitDetails(MORNING, None, "Mengganti panel"), "Salah", RoomRefused.UNCHANGED),
            (VisitDetails(MORNING, MORNING - MINUTE, "x"), "Salah", RoomRefused.ORDER),
            (VisitDetails(MORNING, LATER + MINUTE, "x"), "Salah", RoomRefused.FUTURE),
            (fixed, "", RoomRefused.NO_TEXT),
        ):
            with self.refused(why):
                changes.correct(visit, details, note, ani, LATER)
        new = changes.correct(visit, fixed, "Dicatat terlambat", ani, LATER)
        assert list(finding.visits("rudi panel")) == [new]
        assert finding.history(new) == [visit, new]
        with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
            RoomVisit.objects.update(purpose="lain")

    def test_rows_are_deleted_after_the_time_in_force_and_not_before_thirty_days(self) -> None:
        now, ani = timezone.now(), self.world.ani
        young = changes.let_in(room_pass(self.world, now - 29 * DAY, name="Sari"), "Rapat", ani, now - 29 * DAY)
        old = a_room_visit(self.world, now - 89 * DAY)
        older = room_pass(self.world, now - 110 * DAY, name="Tono")
        with pytest.raises(DatabaseError, match="30 days"), transaction.atomic():
            RoomVisit.objects.filter(pk=young.pk).delete()
        changes.forget(now)
        assert set(RoomVisit.objects.all()) == {young, old}  # the usual 90 days
        assert older not in RoomPass.objects.all()
        RoomRetention.objects.create(days=60, since=local_day(now), basis="SK Sekda 12/2026", at=now, by=ani)
        RoomRetention.objects.create(days=365, since=local_day(now + DAY), basis="SK Sekda 13/2026", at=now, by=ani)
        changes.forget(now)
        assert list(RoomVisit.objects.all()) == [young]
        assert [one.name for one in RoomPass.objects.all()] == ["Sari"]

    def test_the_pages_keep_what_was_entered_and_the_paper_shows_the_list(self) -> None:
        now = timezone.now()
        self.client.force_login(self.world.ani)
        entered = {"name": "Rudi Hartono", "body": "PT Serat Optik", "reason": "Merawat", "first": local_day(now)}
        page = self.client.post(reverse("room-pass-add"), entered | {"last": local_day(now - DAY)})
        self.assertContains(page, "PT Serat Optik", status_code=422)
        self.client.post(reverse("room-pass-add"), entered | {"last": local_day(now + DAY)})
        rudi = RoomPass.objects.get()
        page = self.client.post(reverse("room-enter"), {"pass": rudi.pk, "purpose": "p" * 301})
        self.assertContains(page, "paling banyak 300 huruf", status_code=422)
        self.client.post(reverse("room-enter"), {"pass": rudi.pk, "purpose": "Mengganti panel"})
        visit = RoomVisit.objects.get()
        address = reverse("room-visit", args=[visit.pk])
        self.assertContains(self.client.get(address), "Mengganti panel")
        came_at = timezone.localtime(visit.came_at).strftime("%Y-%m-%dT%H:%M")  # as the form shows it, without seconds
        page = self.client.post(address, {"came_at": came_at, "purpose": "Mengganti panel", "note": "Salah"})
        self.assertContains(page, "Tidak ada yang diubah", status_code=422)
        self.client.post(address, {"came_at": came_at, "purpose": "Mengganti dua panel", "note": "Kurang lengkap"})
        assert RoomVisit.objects.get(corrects=visit).came_at == visit.came_at
        self.client.post(reverse("room-leave", args=[RoomVisit.objects.get(corrects=visit).pk]))

        self.client.force_login(self.world.intan)
        paper = self.client.get(reverse("room-list-file")).content
        text = " ".join(PdfReader(BytesIO(paper)).pages[0].extract_text().split())
        for words in ("Rudi Hartono", "PT Serat Optik", "Mengganti dua panel", "Kurang lengkap"):
            assert words in text
        newest = RoomVisit.objects.first()
        assert newest
        self.assertContains(self.client.get(reverse("room-visit", args=[newest.pk])), "Koreksi: Kurang lengkap", 1)
        assert self.client.post(address, {}).status_code == 403
        assert self.client.post(reverse("room-retention"), {}).status_code == 403
        if LOOKS:
            Path(LOOKS, "room.pdf").write_bytes(paper)
