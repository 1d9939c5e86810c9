"""An indication that a supervisor raises to the room."""

from django.urls import reverse

from discipline.incidents.models import Incident, IncidentSource
from discipline.incidents.queue.gathering import gather
from discipline.incidents.state_rule import IncidentState
from tests.support.base import MORNING, OfficeTestCase


class Raising(OfficeTestCase):
    def test_a_camat_raises_an_indication_once_and_the_room_takes_it(self) -> None:
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        address = reverse("indication-raise", args=[alert.pk])
        self.client.force_login(self.world.budi)
        self.assertContains(self.client.get(reverse("indication", args=[alert.pk])), address)
        assert self.client.post(address, {"text": " "}).status_code == 422
        for _again in range(2):
            self.client.post(address, {"text": "Warga menumpuk, tolong hubungi"})
        raised = Incident.objects.get()
        assert [item.key for item in gather(MORNING)] == [f"incident:{raised.pk}"]  # not the indication, too
        assert (raised.source, raised.source_key) == (IncidentSource.INDICATION, f"indication:{alert.pk}")
        assert (raised.status, raised.owner, raised.opened_by) == (IncidentState.NEW, None, self.world.budi)
        assert raised.place
        assert raised.place.kelurahan == self.world.ilir35
        self.assertContains(self.client.get(address), raised.number)
        for user, answer in ((self.world.dewi, 403), (self.world.citra, 404), (self.world.walikota, 200)):
            self.client.force_login(user)
            assert self.client.get(address).status_code == answer
        self.client.force_login(self.world.ani)
        known = self.client.get(address, follow=True)
        self.assertContains(known, "Dari sini sudah dibuka satu kejadian")

    def test_an_operator_opens_an_incident_at_a_kelurahan_or_kecamatan_office(self) -> None:
        self.client.force_login(self.world.ani)
        for code, name in (("16.71.01.1001", "35 Ilir"), ("16.71.01", "Kantor Camat")):
            page = self.client.get(f"{reverse('city-incident-add')}?kantor={code}")
            self.assertContains(page, name)
