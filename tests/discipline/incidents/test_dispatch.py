"""Who is asked about what: areas, types, telephones and time limits, set by operators on their pages."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.incidents.dispatch.models import AgencyArea, DispatchChange
from discipline.incidents.dispatch.proposing import whom_to_ask
from discipline.incidents.models import IncidentType, Priority
from discipline.incidents.tasks.models import AgencyDuty, ResponseTime
from offices.hours.schedule import local_day
from offices.places.models import Agency, Kecamatan
from tests.support.base import OfficeTestCase
from tests.support.incidents import an_incident, incident_type


class Dispatch(OfficeTestCase):
    def setUp(self) -> None:
        self.flood = incident_type("flood")
        self.dishub = Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        self.near = Agency.objects.create(code="damkar-1", name="Damkar Pos 1")
        self.far = Agency.objects.create(code="damkar-2", name="Damkar Pos 2")
        self.client.force_login(self.world.ani)

    def confirmed(self, address: str, data: dict[str, object]) -> str:
        """Post a change, confirm what the page shows of it, and return that."""
        shown = self.client.post(address, data)
        assert shown.status_code == 200, shown.context["form"].errors
        text: str = shown.context["outcome"].text
        assert text
        stored = self.client.post(address, data | {"shown": text.replace("\n", "\r\n")})
        assert stored.status_code == 302
        return text

    def test_who_handles_the_type_there_is_offered_first_and_who_was_asked_no_more(self) -> None:
        flood = an_incident(self.world)
        assert flood.near
        away = Kecamatan.objects.exclude(pk=flood.near.kecamatan_id)[0]
        AgencyArea.objects.create(agency=self.near, kecamatan=flood.near.kecamatan)
        AgencyArea.objects.create(agency=self.far, kecamatan=away)
        self.flood.agencies.set([self.near, self.far])
        first, others = whom_to_ask(flood)
        assert first.choices == [("damkar-1", "Damkar Pos 1")]
        assert others.choices[-1] == ("damkar-2", "Damkar Pos 2 (wilayah lain)")
        office = f"kantor:{flood.near.code}"
        assert (office, flood.near.office_title) in others.choices
        IncidentType.objects.filter(pk=self.flood.pk).update(by_kelurahan=True)
        flood.kind.refresh_from_db()
        assert [key for key, _name in whom_to_ask(flood)[0].choices] == [office, "damkar-1"]

        self.client.post(
            reverse("city-incident-ask", args=[flood.pk]), {"who": office, "instruction": "Periksa selokan"}
        )
        page = self.client.get(reverse("city-incident", args=[flood.pk]))
        self.assertContains(page, '<optgroup label="Menangani jenis ini di sini"><option value="damkar-1">')
        self.assertNotContains(page, f'value="{office}"')

    def test_an_agency_gets_a_telephone_types_and_areas_after_they_were_shown(self) -> None:
        address, area = reverse("dispatch-agency", args=["dishub"]), Kecamatan.objects.all()[0]
        below = area.kelurahan.all()[0]
        data: dict[str, object] = {"phone": "0711-555-0101", "kinds": ["flood"], "areas": [area.code, below.code]}
        self.client.post(address, data)
        assert not DispatchChange.objects.exists()
        assert not AgencyDuty.objects.exists()
        text = self.confirmed(address, data)
        assert "Telepon piket: tidak ada → 0711-555-0101" in text
        assert (self.dishub.duty.phone, self.flood.agencies.get()) == ("0711-555-0101", self.dishub)
        assert AgencyArea.objects.get().kecamatan == area  # which holds its kelurahan
        change = DispatchChange.objects.get()
        assert (change.about, change.by, change.text) == ("agency:dishub", self.world.ani, text)
        self.assertContains(self.client.get(address), "0711-555-0101")
        assert "→ seluruh kota" in self.confirmed(address, {"phone": "", "kinds": [], "areas": []})
        assert not AgencyDuty.objects.exists()
        bad = self.client.post(address, {"phone": "bukan nomor", "areas": ["99"]})
        assert bad.status_code == 422
        self.assertContains(bad, "bukan nomor", status_code=422)

    def test_a_type_changes_and_one_is_added(self) -> None:
        address = reverse("dispatch-kind", args=["flood"])
        data: dict[str, object] = {
            "name": "Banjir",
            "priority": 1,
            "radius_m": 300,
            "window_min": 60,
            "by_kelurahan": "on",
            "active": "on",
            "agencies": ["dishub"],
        }
        stale = self.client.post(address, data).context["outcome"].text
        IncidentType.objects.filter(code="flood").update(radius_m=777)  # by another, meanwhile
        again = self.client.post(address, data | {"shown": stale})
        assert "777" in again.context["outcome"].text
        self.confirmed(address, data)
        self.flood.refresh_from_db()
        assert (self.flood.priority, self.flood.radius_m, self.flood.by_kelurahan) == (1, 300, True)

        address = reverse("dispatch-kind-add")
        taken = self.client.post(address, data | {"name": "banjir", "code": "semua"})
        assert set(taken.context["form"].errors) == {"name", "code"}
        self.confirmed(address, data | {"name": "Pohon tumbang", "code": "Tree"})
        assert IncidentType.objects.get(code="tree").agencies.get() == self.dishub
        self.assertContains(self.client.get(reverse("dispatch")), "Pohon tumbang")

    def test_time_limits_are_dated_rows_of_which_the_last_written_holds(self) -> None:
        today = local_day(timezone.now())
        address = reverse("dispatch-limit", args=["flood", Priority.HIGH.value])
        data: dict[str, object] = {"acknowledge": 3, "arrive": 30, "finish": 300, "since": today + timedelta(days=2)}
        for wrong in ({"since": today - timedelta(days=1)}, {"arrive": 1}):
            assert self.client.post(address, data | wrong).status_code == 422
        assert "Diterima dalam: 10 menit → 3 menit" in self.confirmed(address, data)
        self.confirmed(address, data | {"acknowledge": 4})  # a slip of the same day is put right by another row
        for days, minutes in ((1, 10), (2, 4)):
            day = today + timedelta(days=days)
            assert ResponseTime.minutes_for(self.flood, Priority.HIGH, day).acknowledge == minutes
        newest = ResponseTime.objects.all()[0]
        assert (newest.by, newest.kind, newest.priority) == (self.world.ani, self.flood, Priority.HIGH)
        page = self.client.get(address)
        self.assertContains(page, "diterima dalam 4 menit")
        self.assertContains(page, "belum berlaku")
        self.assertContains(self.client.post(address, data | {"acknowledge": 4}), "Tidak ada yang berubah.")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE discipline_responsetime SET arrive = 99")
        assert self.client.get(reverse("dispatch-limit", args=["semua", 9])).status_code == 404
        self.assertContains(self.client.get(reverse("dispatch")), "Batas waktu tugas")
