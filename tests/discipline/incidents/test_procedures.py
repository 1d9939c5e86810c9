"""Procedures: dated versions, and the checklist of an incident."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.incidents.models import IncidentType
from discipline.incidents.procedures import changes
from discipline.incidents.procedures.changes import ProcedureRefused
from discipline.incidents.procedures.finding import checklist_of, in_force
from discipline.incidents.procedures.models import Procedure, ProcedureTick
from discipline.incidents.shifts.changes import begin
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted, take_step
from offices.hours.schedule import local_day
from tests.support.base import MORNING, OfficeTestCase
from tests.support.incidents import an_incident, incident_type


class Procedures(OfficeTestCase):
    def test_each_usual_type_begins_with_one(self) -> None:
        without = IncidentType.objects.filter(procedures=None)
        assert list(without) == []
        assert "112" in Procedure.objects.get(kind__code="fire").text

    def test_an_incident_keeps_the_version_of_its_beginning(self) -> None:
        kind, now = incident_type("flood"), timezone.now()
        before = an_incident(self.world)  # opened before the first version: that one
        first = Procedure.objects.get(kind=kind)
        assert in_force(before) == first
        later = now + timedelta(days=2)
        second = changes.write_version(kind, "- Satu\n- Dua", local_day(later), self.world.ani, now)
        assert second.lines == ["Satu", "Dua"]
        assert in_force(before) == first
        before.opened_at = now + timedelta(days=1)
        assert in_force(before) == first
        before.opened_at = second.since
        assert in_force(before) == second

    def test_what_is_no_version_is_refused(self) -> None:
        kind, now = incident_type("flood"), timezone.now()
        for text, day, why in (
            (" \n- \n", local_day(now), ProcedureRefused.EMPTY),
            ("a\n" * 31, local_day(now), ProcedureRefused.LINES),
            ("a" * 301, local_day(now), ProcedureRefused.LONG),
            ("a", local_day(now) - timedelta(days=1), ProcedureRefused.PAST),
        ):
            with pytest.raises(ProcedureRefused, match=why):
                changes.write_version(kind, text, day, self.world.ani, now)

    def test_neither_versions_nor_ticks_can_be_changed(self) -> None:
        flood = an_incident(self.world)
        changes.tick(flood, 0, self.world.ani, MORNING)
        for table, column in (("procedure", "text"), ("proceduretick", "line")):
            for statement in (f"UPDATE discipline_{table} SET {column} = {column}", f"DELETE FROM discipline_{table}"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)

    def test_a_line_is_ticked_once_with_time_and_name_while_the_incident_is_open(self) -> None:
        flood = an_incident(self.world)
        changes.tick(flood, 1, self.world.ani, MORNING)
        changes.tick(flood, 1, self.world.walikota, MORNING + timedelta(minutes=5))
        checklist = checklist_of(flood)
        assert checklist
        assert (checklist.done, checklist.lines[1].who, checklist.lines[1].at) == (1, "ani", MORNING)
        with pytest.raises(ProcedureRefused):
            changes.tick(flood, len(checklist.lines), self.world.ani, MORNING)
        newest = flood.steps.order_by("-pk")[0].pk
        take_step(flood, StepWanted(IncidentState.UNFOUNDED, newest, "salah lihat"), self.world.ani, MORNING)
        flood.refresh_from_db()
        with pytest.raises(ProcedureRefused):
            changes.tick(flood, 0, self.world.ani, MORNING)
        assert ProcedureTick.objects.count() == 1

    def test_the_page_has_the_checklist_with_numbers_to_call_and_the_chief_writes_a_version(self) -> None:
        flood = an_incident(self.world)
        self.client.force_login(self.world.ani)
        self.client.post(reverse("procedure-tick", args=[flood.pk]), {"line": "0"})
        shown = self.client.get(reverse("city-incident", args=[flood.pk]))
        self.assertContains(shown, 'href="tel:112"')
        self.assertContains(shown, "1 dari 7 langkah")
        address = reverse("procedure-write", args=["flood"])
        assert self.client.get(address).status_code == 403
        begin("Regu A", None, self.world.ani, MORNING)
        typed = {"text": "Satu", "day": str(local_day(timezone.now()) - timedelta(days=1))}
        refused = self.client.post(address, typed)
        self.assertContains(refused, "hari yang sudah lewat", status_code=422)
        self.assertContains(refused, "Satu", status_code=422)
        sent = self.client.post(address, typed | {"day": str(local_day(timezone.now()))}, follow=True)
        self.assertContains(sent, "Versi baru tersimpan.")
        newest = incident_type("flood").procedures.first()
        assert newest
        assert (newest.text, newest.by) == ("Satu", self.world.ani)
