"""Calls that an operator takes in: an incident, another about the same, a prank, and silence."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from discipline.incidents.calls import taking
from discipline.incidents.calls.models import CallOutcome, IncomingCall
from discipline.incidents.calls.taking import CallsToday, calls_today
from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.state_rule import IncidentState
from tests.support.base import MORNING, OfficeTestCase
from tests.support.incidents import incident_type


class Calls(OfficeTestCase):
    def setUp(self) -> None:
        super().setUp()
        incident_type("flood")
        self.client.force_login(self.world.ani)

    def send(self, **more: Any) -> Any:
        typed = {
            "via": "112",
            "kind": "flood",
            "text": "Air masuk rumah, ada lansia",
            "address": "Lorong Jaya",
            "kelurahan": self.world.ilir35.code,
        }
        return self.client.post(reverse("call-add"), typed | more)

    def test_a_call_opens_an_incident_at_the_named_kelurahan_that_its_operator_owns(self) -> None:
        self.send()
        opened, call = Incident.objects.get(), IncomingCall.objects.get()
        assert (opened.latitude, opened.longitude) == (self.world.ilir35.latitude, self.world.ilir35.longitude)
        assert (opened.source, opened.status) == (IncidentSource.CALL, IncidentState.ACKNOWLEDGED)
        assert (opened.owner, opened.description) == (self.world.ani, "Air masuk rumah, ada lansia")
        assert (call.incident, call.via, call.by) == (opened, "112", self.world.ani)

    def test_a_second_call_about_the_same_is_added_to_it_or_opens_another(self) -> None:
        self.send()
        first = Incident.objects.get()
        asked = self.send(text="Air setinggi lutut", via="telephone")
        self.assertContains(asked, f"Tentang {first.number}", status_code=422)
        self.send(text="Air setinggi lutut", via="telephone", same=str(first.pk))
        assert Incident.objects.count() == 1
        assert IncomingCall.objects.filter(incident=first).count() == 2
        assert "Air setinggi lutut" in first.notes.get().text
        self.send(new="1")
        assert Incident.objects.count() == 2

    def test_a_place_that_is_none_is_refused_and_nothing_typed_is_lost(self) -> None:
        refused = self.send(kelurahan="")
        self.assertContains(refused, "Pilih kelurahannya", status_code=422)
        self.assertContains(refused, "Air masuk rumah, ada lansia", status_code=422)
        self.assertContains(self.send(latitude="-6,2", longitude="106,8"), "field-error", status_code=422)
        assert not Incident.objects.exists()

    def test_pranks_and_silence_are_counted_and_open_nothing_and_a_wrong_key_is_taken_back(self) -> None:
        for outcome in ("prank", "prank", "silent"):
            self.client.post(reverse("call-nothing"), {"outcome": outcome})
        assert not Incident.objects.exists()
        assert calls_today(timezone.now()) == CallsToday(0, 2, 1)
        wrong = IncomingCall.objects.filter(outcome="silent").get()
        for _ in range(2):  # the second time nothing happens
            self.client.post(reverse("call-withdraw", args=[wrong.pk]))
        assert calls_today(timezone.now()) == CallsToday(0, 2, 0)
        assert IncomingCall.objects.count() == 4
        shown = self.client.get(reverse("calls"))
        self.assertContains(shown, "dibatalkan")

    def test_only_who_recorded_a_prank_takes_it_back_and_yesterday_is_another_day(self) -> None:
        call = taking.record_nothing(CallOutcome.PRANK, self.world.walikota, MORNING)
        self.client.post(reverse("call-withdraw", args=[call.pk]))
        assert calls_today(MORNING) == CallsToday(0, 1, 0)
        assert calls_today(MORNING + timedelta(days=1)) == CallsToday(0, 0, 0)
