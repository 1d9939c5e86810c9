"""What the public and each role read of reports."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from discipline.complaints import steps
from discipline.complaints.finding import alike, complaints_in
from discipline.complaints.models import Complaint
from discipline.complaints.state_rule import ComplaintState, ComplaintStepRefused
from offices.access.gate import scope_of
from tests.support.base import MORNING
from tests.support.complaint_case import ComplaintTestCase
from tests.support.complaints import a_complaint, move
from tests.support.refusals import refusal

S = ComplaintState
DAY = timedelta(days=1)


class WhatIsPublic(ComplaintTestCase):
    def test_private_reports_are_the_inspectorate_s_and_never_public(self) -> None:
        report = a_complaint(self.world, "corruption")
        assert not complaints_in(scope_of(self.world.ani)).exists()
        assert complaints_in(scope_of(self.world.intan)).get() == report
        self.client.force_login(self.world.intan)
        page = self.client.get(reverse("complaint", args=[report.pk])).content.decode()
        assert "Verifikasi dan teruskan" in page
        assert "Tampilkan untuk publik" not in page
        refused = refusal(ComplaintStepRefused, lambda: steps.publish(report, "Pungli", self.world.intan, MORNING))
        assert refused == ComplaintStepRefused.PRIVATE
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.update(public_text="Pungli")
        assert alike(report) == []
        assert self.client.get(reverse("aspiration", args=[report.pk])).status_code == 404

    def test_the_public_reads_only_the_moderated_text(self) -> None:
        report = a_complaint(self.world, text="Pak Anton tidak di loket", mail="siti@example.com", published=True)
        move(report, S.IN_HAND, self.world, text="Anton sudah ditanya", message="Kantor sudah ditanya")
        for path in (reverse("aspirations"), reverse("aspiration", args=[report.pk])):
            page = self.client.get(path).content.decode()
            assert "Loket kosong pukul sembilan" in page
            assert not re.search("Anton|siti@", page)
        assert "Kantor sudah ditanya" in page
        assert report.text == "Pak Anton tidak di loket"
        self.client.force_login(self.world.dewi)
        page = self.client.get(reverse("complaint", args=[report.pk])).content.decode()
        assert "siti@" not in page

    def test_the_public_reads_only_the_address_that_somebody_has_looked_at(self) -> None:
        report = a_complaint(self.world, "rubbish", place=None, address="Depan rumah Bu Ida, Lorong Asia 7")
        self.client.force_login(self.world.ani)
        desk = reverse("complaint", args=[report.pk])
        assert "Depan rumah Bu Ida" in self.client.get(desk).content.decode()
        shown = {"public_text": "Sampah menumpuk", "public_address": "Lorong Asia"}
        self.client.post(reverse("complaint-text", args=[report.pk]), shown)
        for path in (
            reverse("aspirations"),
            reverse("aspiration", args=[report.pk]),
            "/open311/v2/requests/RA-%d.json",
        ):
            page = self.client.get(path % report.pk if "%" in path else path).content.decode()
            assert "Lorong Asia" in page
            assert "Bu Ida" not in page
        self.client.post(reverse("complaint-text", args=[report.pk]), shown | {"public_text": ""})
        report.refresh_from_db()
        assert (report.public_text, report.public_address) == ("", "")
        assert report.address.startswith("Depan rumah Bu Ida")
