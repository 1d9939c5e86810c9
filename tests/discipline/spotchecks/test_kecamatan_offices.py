"""A spot check of a kecamatan office: the mayor's to make, never its camat's, who is asked about what it found."""

from django.urls import reverse

from discipline.notices.models import Delivery
from discipline.spotchecks import conduct
from discipline.spotchecks.findings import answers
from discipline.spotchecks.models import Finding
from offices.hours.models import HoursPlan
from tests.support.base import OfficeTestCase
from tests.support.places import Kinds
from tests.support.rounds import Round, draw_of


class KecamatanOfficeChecks(OfficeTestCase):
    def setUp(self) -> None:
        self.kinds = Kinds.around(self.world)
        self.place = self.kinds.cameras["kecamatan"].place
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)

    def test_the_mayor_checks_it_and_its_camat_is_asked(self) -> None:
        for name in ("budi", "walikota"):
            user = getattr(self.world, name)
            user.email = f"{name}@palembang.go.id"
            user.save()
        checker = conduct.checker_for(self.world.budi)
        assert checker
        assert list(checker.kecamatan_offices) == [], "nobody checks the own office"
        self.client.force_login(self.world.walikota)
        assert "Kantor Camat Ilir Barat II" in self.client.get(reverse("spot-checks")).content.decode()
        started = self.client.post(reverse("spot-check-start"), {"how": "list", "kantor_camat": [self.place.pk]})
        assert started.status_code == 302
        visit = Round(self.world.walikota, self.place)
        assert (
            "Kantor Camat Ilir Barat II"
            in self.client.get(reverse("spot-check-run", args=[visit.check.pk])).content.decode()
        )
        visit.mark(1, "empty")
        assert visit.snapshot(1, self.kinds.cameras["kelurahan"].pk).status_code == 409, "a camera of another office"
        assert visit.snapshot(1, self.kinds.cameras["kecamatan"].pk).status_code == 200
        visit.finish()
        finding = Finding.objects.get()
        assert set(Delivery.objects.values_list("user__username", flat=True)) == {"budi"}
        assert {name for name in ("walikota", "budi", "citra", "dewi") if self.waits(name)} == {"budi"}
        pages = [("finding", finding.pk), ("spot-check", visit.check.pk), ("spot-check-office", self.place.code)]
        for name, status in {"walikota": 200, "budi": 200, "citra": 404, "dewi": 404}.items():
            self.client.force_login(getattr(self.world, name))
            for page, key in pages:
                assert self.client.get(reverse(page, args=[key])).status_code == status, (name, page)
        self.client.force_login(self.world.budi)
        self.client.post(reverse("finding-answer", args=[finding.pk]), {"text": "Sedang istirahat", "last_seen": ""})
        assert self.waits("walikota")
        self.client.force_login(self.world.walikota)
        sheet = self.client.get(reverse("spot-check-pdf", args=[visit.check.pk]))
        assert sheet.content.startswith(b"%PDF")

    def test_a_draw_of_the_mayor_has_it_among_the_candidates(self) -> None:
        visit = Round(self.world.walikota)
        assert self.place.code in [code for code, *_rest in draw_of(visit.check)["candidates"]]
        self.client.force_login(self.world.walikota)
        visit.finish()
        page = self.client.get(reverse("spot-check", args=[visit.check.pk]))
        assert page.context["drawing"].same

    def waits(self, name: str) -> bool:
        return answers.waiting_for(getattr(self.world, name)).exists()
