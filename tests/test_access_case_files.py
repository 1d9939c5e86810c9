"""Every file of a case × every role: without a stated reason, with one, and half an hour later."""

import time
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from discipline.core import attachments
from discipline.incidents.case_file import changes, making, opened
from discipline.incidents.case_file.changes import CaseStepWanted
from discipline.incidents.case_file.models import CaseFile, CaseOpening, CasePart
from discipline.incidents.case_file.state_rule import CaseStepKind
from discipline.incidents.tasks.models import Task, TaskStep
from offices.access.models import FileAccess, Membership
from tests.support import access_things
from tests.support.access_expected import LIKE
from tests.support.access_rows import LOGIN, ROLES
from tests.support.base import MORNING, OfficeTestCase
from tests.support.case_files import a_breach, a_case, enforcer, officer
from tests.support.pictures import noise_jpeg
from tests.support.places import camera_at, street_point
from tests.support.recordings import record_minute

pytestmark = pytest.mark.once

OFFICER = "officer of the case's agency"
LET_IN = (OFFICER, "intan")
REASON = "Pemeriksaan sebelum sidang"


def outcome(response: HttpResponseBase) -> str | int:
    login = response.status_code == 302 and response.headers["Location"].split("?")[0] == reverse("account_login")
    return LOGIN if login else response.status_code


class CaseFiles(OfficeTestCase):
    def setUp(self) -> None:
        self.agency = enforcer()
        self.sari = officer(self.agency)
        self.case = self.handed_over()
        users = {role: access_things.user_of(self.world, role) for role in (*ROLES, *LIKE)} | {OFFICER: self.sari}
        self.clients: dict[str, Client] = {}
        for role, user in users.items():
            self.clients[role] = Client()
            if user:
                self.clients[role].force_login(user)

    @override_settings(RECORDING_GB=1)
    def handed_over(self) -> CaseFile:
        """Make a case of Satpol PP with every kind of file there is."""
        camera = camera_at(street_point())
        record_minute(camera, MORNING - timedelta(seconds=6), repeats=2)
        incident = a_breach(self.world, self.agency)
        with attachments.kept_with(SimpleUploadedFile("tepi.jpg", noise_jpeg()), self.sari.pk) as file:
            known = {"state": "arrived", "at": MORNING, "happened_at": MORNING, "by": self.sari, "key": uuid4()}
            TaskStep.objects.create(task=Task.objects.get(), text="Tumpukan", attachment=file, **known)
        case = a_case(incident, self.agency, self.sari, camera)
        changes.add_still(case, Decimal(3), "Kantong dilempar", self.sari, MORNING)
        making.make_waiting()
        for kind in (CaseStepKind.CONFIRMED, CaseStepKind.HANDED_OVER):
            wanted = CaseStepWanted(kind, MORNING.date(), receiver="Bu Jaksa", receiver_agency="PN Uji")
            changes.take_case_step(case, wanted, self.sari, timezone.now())
            making.make_waiting()
        case.refresh_from_db()
        assert case.ready, case.why
        return case

    def files(self) -> dict[str, str]:
        """Return the addresses of all that the case holds."""
        parts = {one.name: reverse("case-file-part", args=[self.case.pk, one.pk]) for one in self.case.parts.all()}
        own = {name: reverse(name, args=[self.case.pk]) for name in ("case-file-original", "case-file-receipt")}
        return parts | own

    def ask(self, role: str, path: str) -> tuple[str | int, bool]:
        """Return what the role gets, and whether a log of files has a line of it; undo it."""
        with transaction.atomic():
            before = FileAccess.objects.count()
            answer = self.clients[role].get(path)
            assert role == "anonymous" or "no-store" in answer.headers.get("Cache-Control", ""), (role, path)
            logged = FileAccess.objects.count() > before
            transaction.set_rollback(True)
        return outcome(answer), logged

    def test_every_file_of_a_case_for_every_role(self) -> None:
        files = self.files()
        assert {one.kind for one in self.case.parts.all()} == set(CasePart.Kind.values), "each kind is tried"
        page = reverse("case-file", args=[self.case.pk])
        for role, client in self.clients.items():
            refused = LOGIN if role == "anonymous" else 404
            for name, path in files.items():
                assert self.ask(role, path) == (302 if role in LET_IN else refused, False), (role, name)
            answer = client.post(page, {"reason": REASON})
            assert outcome(answer) == (302 if role in LET_IN else refused), role
            for name, path in files.items():
                assert self.ask(role, path) == ((200, True) if role in LET_IN else (refused, False)), (role, name)
        assert sorted(CaseOpening.objects.values_list("user__username", flat=True)) == ["intan", "sari", "sari"]
        for role in LET_IN:
            session = self.clients[role].session
            session[opened.KEY] = {str(self.case.pk): int(time.time()) - opened.OPEN_S}
            session.save()
            for name, path in files.items():
                assert self.ask(role, path) == (302, False), (role, name)

    def test_a_case_s_recording_is_no_export_that_somebody_asked_for(self) -> None:
        assert self.case.export
        page = reverse("recording-exports")
        for role in ("ani", "intan", "superuser"):
            said = self.clients[role].get(page).content.decode()
            assert self.case.reason not in said, role
            assert (reverse("case-files") in said) == (role == "intan"), role
            for name in ("recording-export-file", "recording-export-receipt"):
                assert self.ask(role, reverse(name, args=[self.case.export.pk])) == (404, False), (role, name)

    def test_the_hold_of_a_case_is_not_released_by_hand(self) -> None:
        assert self.case.hold
        ani, page = self.clients["ani"], reverse("recording-holds")
        release = reverse("recording-hold-release", args=[self.case.hold.pk])
        assert release not in ani.get(page).content.decode()
        assert "milik berkas pelanggaran" in ani.post(release, {"reason": REASON}, follow=True).content.decode()
        self.case.hold.refresh_from_db()
        assert self.case.hold.released_at is None

    def test_who_leaves_the_agency_is_out_at_once(self) -> None:
        page = reverse("case-file", args=[self.case.pk])
        assert self.clients[OFFICER].post(page, {"reason": REASON}).status_code == 302
        Membership.objects.filter(user=self.sari).delete()
        for name, path in self.files().items():
            assert self.ask(OFFICER, path) == (404, False), name
