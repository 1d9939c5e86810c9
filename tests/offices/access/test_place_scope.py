"""Every role at every kind of place: the gate, and the addresses that show a place's camera and evidence."""

from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.urls import reverse

from offices.access.gate import scope_of, within, within_places
from offices.access.models import Membership
from offices.places.models import Agency, Place
from streams.cameras.models import Camera
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.servers import valkey
from streams.source import newest_picture
from tests.support.base import MORNING, SQUARE, OfficeTestCase, member
from tests.support.cameras import say_why
from tests.support.pictures import grey_jpeg
from tests.support.places import Kinds

KINDS = ("kelurahan", "kecamatan", "point")
SEES = {  # of 35 Ilir, the kecamatan office above it, and a street point
    "walikota": (True, True, True),
    "ani": (True, True, True),
    "intan": (True, True, True),
    "budi": (True, True, False),  # the camat there
    "citra": (False, False, False),  # of another kecamatan
    "dewi": (True, False, False),  # the lurah there
    "eko": (False, False, False),  # of another kelurahan
    "tamu": (False, False, False),
    "gita": (False, False, True),  # of the agency that runs the point
    "hana": (False, False, False),  # of another agency
}


class PlaceScope(OfficeTestCase):
    def setUp(self) -> None:
        self.kinds = Kinds.around(self.world)
        agency = self.kinds.cameras["point"].place.agency
        other = Agency.objects.create(code="kominfo", name="Dinas Kominfo")
        users = {"gita": agency, "hana": other}
        self.users = {name: member(name, Membership.Role.AGENCY, agency=one) for name, one in users.items()}

    def user(self, name: str) -> User:
        """Return the user of one line of SEES."""
        return self.users.get(name) or getattr(self.world, name)

    def test_the_gate_decides_for_every_kind_of_place(self) -> None:
        for name, expected in SEES.items():
            scope = scope_of(self.user(name))
            cameras = set(Camera.objects.filter(within_places(scope, "place")).values_list("pk", flat=True))
            places = set(Place.objects.filter(within_places(scope)).values_list("pk", flat=True))
            for kind, sees in zip(KINDS, expected, strict=True):
                camera = self.kinds.cameras[kind]
                with self.subTest(user=name, kind=kind):
                    assert scope.sees_place(camera.place) is sees
                    assert (camera.place_id in places) is sees
                    assert (camera.pk in cameras) is sees

    def test_rows_of_other_places_never_pass_for_rows_of_a_kelurahan(self) -> None:
        for name in SEES:
            scope = scope_of(self.user(name))
            passed = Camera.objects.filter(within(scope, "kelurahan"))
            assert not passed.filter(kelurahan=None).exists(), name

    def test_pictures_and_evidence_open_to_those_who_see_the_place(self) -> None:
        view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [], "zones": []}
        addresses: dict[str, list[str]] = {}
        for kind, camera in self.kinds.cameras.items():
            newest_picture.store_picture(camera.pk, grey_jpeg(), view)
            keys = (f"{valkey.PREFIX}:{part}:{camera.pk}" for part in ("picture", "view"))
            self.addCleanup(valkey.client().delete, *keys)
            loket = {"kelurahan": self.world.counter(self.world.ilir35), "kecamatan": self.kinds.loket}.get(kind)
            forms = Evidence.Kind.DEADLINE, Evidence.Form.DRAWN
            still = store.NewEvidence(*forms, MORNING, grey_jpeg(), {"polygon": SQUARE})
            shown = store.store_at(camera.place, loket, still, MORNING)
            addresses[kind] = [
                reverse("camera-picture", args=[camera.pk]),
                reverse("camera-view", args=[camera.pk]),
                reverse("evidence-file", args=[shown.pk]),
            ]
        for name, expected in SEES.items():
            say_why(self.user(name))  # offices may be closed now
            self.client.force_login(self.user(name))
            for kind, sees in zip(KINDS, expected, strict=True):
                for address in addresses[kind]:
                    with self.subTest(user=name, kind=kind, address=address):
                        assert self.client.get(address).status_code == (200 if sees else 404)
