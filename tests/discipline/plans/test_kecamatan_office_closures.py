"""Closures of a kecamatan office: its camat asks, the mayor grants; the camat's own closures don't reach it."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from discipline.notices.models import Delivery
from discipline.plans.closures import lifecycle
from offices.access.gate import scope_of
from offices.hours.models import Closure, ClosureRequest, HoursPlan
from offices.hours.schedule import ZONE, Schedule, local_day
from tests.support.base import OfficeTestCase
from tests.support.places import Kinds


class KecamatanOfficeClosures(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = Kinds.around(self.world).loket
        self.day = local_day(timezone.now()) + timedelta(days=7)
        HoursPlan.objects.create(
            name="Selalu", **dict.fromkeys(HoursPlan.DAYS, "08:00-16:00"), on_holidays=True, priority=9
        )

    def at(self, hour: int) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, hour, tzinfo=ZONE)

    def served(self, counter: int) -> int:
        return sum(
            (span.end - span.start).seconds // 3600 for span in Schedule([counter]).day(counter, self.day).intervals
        )

    def test_a_kecamatan_closure_leaves_the_kecamatan_office_open(self) -> None:
        kecamatan = self.world.kecamatan["16.71.01"]
        Closure.objects.create(kecamatan=kecamatan, starts_at=self.at(8), ends_at=self.at(12), reason="Apel")
        below = self.world.counter(self.world.ilir35).pk
        assert (self.served(below), self.served(self.loket.pk)) == (4, 8)

    def test_the_camat_asks_and_the_mayor_grants(self) -> None:
        self.world.walikota.email = "walikota@palembang.go.id"
        self.world.walikota.save()
        self.client.force_login(self.world.budi)
        form = {"place": f"loket-{self.loket.pk}", "kind": "rapat", "reason": "Rapat di balai kota", "end_day": ""}
        form |= {"start_day": f"{self.day}", "start_clock": "09.00", "end_clock": "11.00"}
        assert self.client.post(reverse("closure-enter"), form).status_code == 422, "only asked for"
        assert self.client.post(reverse("closure-ask"), form).status_code == 302
        asked = ClosureRequest.objects.get()
        assert (asked.kelurahan, asked.counter, asked.state_word) == (None, self.loket, "Menunggu wali kota")
        assert set(Delivery.objects.values_list("user__username", flat=True)) == {"walikota"}
        waiting = {
            name: lifecycle.waiting_for(scope_of(getattr(self.world, name))).count() for name in ("budi", "walikota")
        }
        assert waiting == {"budi": 0, "walikota": 1}
        address, answer = reverse("closure-request", args=[asked.pk]), reverse("closure-answer", args=[asked.pk])
        statuses = {"budi": 200, "walikota": 200, "citra": 404, "dewi": 404}
        for name, status in statuses.items():
            self.client.force_login(getattr(self.world, name))
            assert self.client.get(address).status_code == status, name
            if name != "walikota":
                self.client.post(answer, {"act": "grant"})
        assert self.served(self.loket.pk) == 8, "the camat can't answer the own request"
        self.client.force_login(self.world.walikota)
        self.client.post(answer, {"act": "grant"})
        assert self.served(self.loket.pk) == 6
        closure = Closure.objects.get()
        for name, status in {"budi": 403, "walikota": 200}.items():
            self.client.force_login(getattr(self.world, name))
            assert self.client.get(reverse("closure-revoke", args=[closure.pk])).status_code == status, name
