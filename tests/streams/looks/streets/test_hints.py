"""From a look at a street to a stored hint, and from an operator's decisions to silence."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from streams.cameras.models import Camera
from streams.detect.api import Picture
from streams.detect.model_files import ModelError
from streams.detect.street_api import SeenThing, Thing
from streams.looks.streets.keeping import PICTURES_KEPT, forget_pictures, muted, precision_since, store, wanted_places
from streams.looks.streets.lookout import HintPlace, Noticed, StreetLookout
from streams.looks.streets.models import HintClip, HintRule, HintSetting, StreetHint, checked_polygon
from streams.pixels.shapes import Box, Frame
from tests.support.base import MORNING, OfficeTestCase
from tests.support.places import Kinds

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LANE = ((0.2, 0.1), (0.8, 0.1), (0.8, 0.95), (0.2, 0.95))
STREET = np.full((36, 64, 3), 90, np.uint8)
QUEUE = [SeenThing(Thing.CAR, Box(0.3, y, 0.4, y + 0.1)) for y in (0.2, 0.4, 0.6)]
WALKERS = [SeenThing(Thing.PERSON, one.box) for one in QUEUE]


class Scripted:
    """A detector that sees what it is told to."""

    def __init__(self) -> None:
        self.shows: Sequence[SeenThing] = ()

    def see(self, image: Picture) -> list[SeenThing]:  # noqa: ARG002 the interface
        return [*self.shows]


def minutes(lookout: StreetLookout, first_s: int, count: int, camera: int = 1) -> None:
    for second in range(first_s, first_s + 60 * count, 5):  # pictures that come more often than looks are due
        lookout.look(camera, Frame(STREET, START + timedelta(seconds=second)))


def test_a_queue_is_told_once_with_its_picture_and_its_end_and_people_never() -> None:
    detector, told = Scripted(), list[Noticed]()
    lookout = StreetLookout(lambda: detector, told.append)
    lookout.watch_only([HintPlace(1, "congestion", LANE)], START)
    assert [one.level for one in told] == [""]  # what another process left open ends
    detector.shows = WALKERS
    minutes(lookout, 0, 5)
    detector.shows = QUEUE
    minutes(lookout, 300, 6)
    detector.shows = ()
    minutes(lookout, 660, 3)
    lookout.watch_only([HintPlace(1, "congestion", LANE)], START)
    assert [one.level for one in told[1:]] == ["macet", ""]
    assert told[1].since == START + timedelta(seconds=300)
    assert told[1].jpeg[:2] == b"\xff\xd8"
    assert lookout.looks <= 14 * 60 / 9 + 1


def test_the_model_is_loaded_when_a_hint_is_wanted_and_its_absence_stops_nothing() -> None:
    loads = []

    def load() -> Scripted:
        loads.append(1)
        raise ModelError("missing")

    lookout = StreetLookout(load, lambda _: None)
    lookout.watch_only([], START)
    assert not loads
    lookout.watch_only([HintPlace(1, "congestion", LANE)], START)
    lookout.watch_only([HintPlace(1, "congestion", LANE)], START)
    minutes(lookout, 0, 1)
    assert (len(loads), lookout.looks, [*lookout.cameras]) == (1, 0, [])


@pytest.mark.parametrize("polygon", [None, [[0, 0]], [[0, 0], [2, 0], [1, 1]], [[0, 0], [0.01, 0], [0, 0.01]], "abc"])
def test_a_place_that_can_t_be_is_refused(polygon: object) -> None:
    with pytest.raises(ValidationError):
        checked_polygon(polygon)


class Hints(OfficeTestCase):
    def setUp(self) -> None:
        self.kinds = Kinds.around(self.world)
        self.camera = self.kinds.cameras["point"]

    def switch_on(self, camera: Camera, on: bool = True) -> HintSetting:
        values = {"on": on, "polygon": [list(corner) for corner in LANE], "since": MORNING, "by": self.world.ani}
        return HintSetting.objects.create(camera=camera, kind="congestion", **values)

    def noticed(self, level: str, minute: int) -> None:
        at = MORNING + timedelta(minutes=minute)
        store(Noticed(self.camera.pk, "congestion", level, at - timedelta(minutes=3), at, b"jpeg"))

    def test_nothing_is_looked_for_until_it_is_switched_on_and_never_in_an_office(self) -> None:
        assert wanted_places([self.camera.pk]) == []
        setting = self.switch_on(self.camera, on=False)
        self.noticed("macet", 5)
        assert (wanted_places([self.camera.pk]), StreetHint.objects.count()) == ([], 0)
        HintSetting.objects.filter(pk=setting.pk).update(on=True)
        assert wanted_places([self.camera.pk]) == [HintPlace(self.camera.pk, "congestion", LANE)]
        office = self.kinds.cameras["kelurahan"]
        with pytest.raises(ValidationError):
            HintSetting(camera=office, kind="congestion", polygon=[*LANE], since=MORNING, by=self.world.ani).clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            self.switch_on(office)

    def test_a_hint_grows_ends_and_its_picture_is_forgotten(self) -> None:
        self.switch_on(self.camera)
        self.noticed("", 0)
        self.noticed("padat", 5)
        self.noticed("macet", 9)
        hint = StreetHint.objects.get()
        assert (hint.level, hint.started_at, hint.ended_at) == ("macet", MORNING + timedelta(minutes=2), None)
        self.noticed("", 20)
        hint.refresh_from_db()
        assert hint.ended_at == MORNING + timedelta(minutes=20)
        HintClip.objects.create(hint=hint, mp4=b"mp4", began_at=MORNING)
        assert forget_pictures(MORNING + PICTURES_KEPT) == 0
        assert forget_pictures(MORNING + PICTURES_KEPT + timedelta(minutes=3)) == 1
        hint.refresh_from_db()
        assert (hint.jpeg, HintClip.objects.count()) == (None, 0)

    def test_who_is_too_often_wrong_falls_silent_until_saved_again(self) -> None:
        setting = self.switch_on(self.camera)
        HintRule.objects.create(counted=4, least_percent=50)
        for minute, said in enumerate(("yes", "no", "no", "no")):
            assert not muted(setting, HintRule.current())
            at = MORNING + timedelta(minutes=minute)
            StreetHint.objects.create(
                camera=self.camera, kind="congestion", level="macet", started_at=at, ended_at=at,
                decision=said, decided_by=self.world.ani, decided_at=at,
            )  # fmt: skip
        assert muted(setting, HintRule.current())
        assert wanted_places([self.camera.pk]) == []
        self.client.force_login(self.world.ani)
        self.assertContains(self.client.get("/petunjuk/atur/"), "mati otomatis")
        sent = {"on": "on", "polygon": "20,10 80,10 80,95 20,95"}
        assert self.client.post(f"/petunjuk/atur/{self.camera.pk}/congestion/", sent).status_code == 302
        assert wanted_places([self.camera.pk]) == [HintPlace(self.camera.pk, "congestion", LANE)]

    def test_a_hint_refused_although_the_camera_was_right_says_nothing_against_it(self) -> None:
        setting = self.switch_on(self.camera)
        for minute, refusal in enumerate(("light", "known", "allowed", "")):
            at = MORNING + timedelta(minutes=minute)
            StreetHint.objects.create(
                camera=self.camera, kind="congestion", level="macet", started_at=at, ended_at=at,
                decision="no", decided_by=self.world.ani, decided_at=at, refusal=refusal,
            )  # fmt: skip
        precision = precision_since(setting, HintRule(counted=4))
        assert (precision.decided, precision.confirmed) == (2, 0)

    def test_an_operator_decides_and_undoes_and_others_only_read(self) -> None:
        self.switch_on(self.camera)
        self.noticed("macet", 5)
        hint = StreetHint.objects.get()
        address = f"/petunjuk/{hint.pk}/putuskan/"
        self.client.force_login(self.world.walikota)
        self.assertNotContains(self.client.get("/petunjuk/"), "putuskan")
        assert self.client.post(address, {"decision": "yes"}).status_code == 403
        self.client.force_login(self.world.ani)
        self.assertContains(self.client.get("/petunjuk/"), "Kemacetan: macet")
        for said in ("yes", "", "no"):
            answer = self.client.post(address, {"decision": said, "back": "//elsewhere.example/petunjuk/"})
            assert answer.headers["Location"] == f"/petunjuk/#petunjuk-{hint.pk}"
            hint.refresh_from_db()
            assert (hint.decision, hint.decided_by) == (said, self.world.ani if said else None)
        assert self.client.post(address, {"decision": "maybe"}).status_code == 422

    def test_a_place_that_is_typed_wrong_stays_in_the_form(self) -> None:
        self.client.force_login(self.world.ani)
        for text in ("20;10", "20,10 80,10", "0,0 200,0 100,100", "nan,1 2,3 4,5"):
            answer = self.client.post(f"/petunjuk/atur/{self.camera.pk}/congestion/", {"on": "on", "polygon": text})
            self.assertContains(answer, text, status_code=422)
        assert not HintSetting.objects.exists()
        assert self.client.get(f"/petunjuk/atur/{self.kinds.cameras['kelurahan'].pk}/congestion/").status_code == 404
