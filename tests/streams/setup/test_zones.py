"""Saving zones: all or none, on the picture that the operator saw."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from django.test import Client

from offices.places.models import Counter, Kecamatan, Kelurahan
from streams.cameras.models import Camera, Zone
from streams.pixels.lookalikes import cells_of
from streams.setup import probe as camera_probe
from streams.setup import references
from streams.source import newest_picture
from tests.support.cameras import SQUARE, save
from tests.support.pictures import noise_jpeg
from tests.support.processes import free_port

pytest_plugins = ["tests.support.cameras"]
pytestmark = pytest.mark.django_db

BOW_TIE = [[0.2, 0.2], [0.6, 0.7], [0.6, 0.2], [0.2, 0.7]]


def test_a_zone_makes_its_counter_and_keeps_the_view_it_was_drawn_on(ani: Client, seen: Camera) -> None:
    answer = save(ani, seen, {"name": "Loket Baru", "quorum": 2})
    assert answer.status_code == 302
    zone = Zone.objects.get()
    assert (zone.camera, zone.counter.name, zone.counter.quorum, zone.polygon) == (seen, "Loket Baru", 2, SQUARE)
    seen.refresh_from_db()
    drawn_on = camera_probe.make_snapshot(noise_jpeg(), datetime.now(UTC))
    assert drawn_on is not None
    assert bytes(seen.reference or b"") == drawn_on.signature
    assert len(drawn_on.signature) == 36 * 64
    assert bytes(seen.reference_jpeg or b"") == noise_jpeg()
    assert seen.reference_at is not None
    assert [entry.change_message for entry in references.history(seen)] == [references.DRAWN]


def test_zones_can_change_counters_and_go_without_losing_a_counter(ani: Client, seen: Camera) -> None:
    one, two = (Counter.objects.create(kelurahan=seen.kelurahan, name=name) for name in ("Satu", "Dua"))
    low = [[0.1, 0.8], [0.5, 0.8], [0.5, 1.0], [0.1, 1.0]]
    save(ani, seen, {"counter": one.pk}, {"counter": two.pk, "polygon": low})
    first = Zone.objects.get(subject__counter=one)
    save(ani, seen, {"counter": two.pk}, {"counter": one.pk, "polygon": low})
    first.refresh_from_db()
    assert first.polygon == low
    assert Zone.objects.get(subject__counter=two).polygon == SQUARE
    save(ani, seen)
    assert not Zone.objects.exists()
    assert Counter.objects.count() == 2


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (BOW_TIE, "saling memotong"),
        ([[0.2, 0.2], [1.2, 0.2], [0.6, 0.7]], "keluar dari gambar"),
        ([[0.2, 0.2], [0.21, 0.2], [0.21, 0.21]], "terlalu kecil"),
        ([[0.2, 0.2], [0.6, 0.2]], "tiga titik"),
        ("rusak", "tiga titik"),
        ([[0.2, None], [0.6, 0.2], [0.6, 0.7]], "tiga titik"),
    ],
)
def test_a_polygon_that_cannot_be_a_zone_is_refused_in_words(
    ani: Client, seen: Camera, polygon: object, words: str
) -> None:
    answer = save(ani, seen, {"name": "Loket Satu", "polygon": polygon})
    assert answer.status_code == 422
    assert words in " ".join(answer.context["editor"]["zones"][0]["problems"])
    assert not Counter.objects.exists()


def test_one_wrong_zone_saves_none(ani: Client, seen: Camera) -> None:
    answer = save(ani, seen, {"name": "Loket Satu"}, {"name": "Loket Dua", "polygon": BOW_TIE})
    assert answer.status_code == 422
    assert not Zone.objects.exists()
    assert [zone["name"] for zone in answer.context["editor"]["zones"]] == ["Loket Satu", "Loket Dua"]


def test_counters_are_this_offices_and_named_once(ani: Client, seen: Camera) -> None:
    other = Kelurahan.objects.create(
        code="16.71.01.1002", kecamatan=Kecamatan.objects.get(), name="32 Ilir", latitude=-3, longitude=104.7
    )
    foreign = Counter.objects.create(kelurahan=other, name="Milik orang")
    own = Counter.objects.create(kelurahan=seen.kelurahan, name="Loket Satu")
    for zones, words in (
        ([{"counter": foreign.pk}], "bukan milik kantor ini"),
        ([{"counter": own.pk}, {"counter": own.pk}], "sudah punya zona lain"),
        ([{"name": "loket satu"}], "sudah ada di kantor ini"),
        ([{"name": " "}], "tulis nama loket baru"),
        ([{"name": "Dua", "quorum": 0}], "1 sampai 20"),
    ):
        answer = save(ani, seen, *zones)
        assert answer.status_code == 422
        assert words in " ".join(answer.context["editor"]["zones"][-1]["problems"])


def test_zones_are_not_saved_on_a_picture_of_another_camera(ani: Client, seen: Camera) -> None:
    other = Camera.objects.create(kelurahan=seen.kelurahan, name="Lain", url="rtsp://10.0.0.6/a")
    foreign = camera_probe.make_snapshot(noise_jpeg(), datetime.now(UTC))
    assert foreign is not None
    for token in ("", "dipalsukan", references.sign_snapshot(other, foreign)):
        assert save(ani, seen, {"name": "Loket Satu"}, reference=token).status_code == 422
    assert not Zone.objects.exists()


PORTRAIT = [[0.25, 0.25], [0.35, 0.25], [0.35, 0.45], [0.25, 0.45]]
FAR_AWAY = [[0.9, 0.9], [0.99, 0.9], [0.99, 0.99], [0.9, 0.99]]


def test_a_marked_portrait_is_kept_with_what_it_showed(ani: Client, seen: Camera) -> None:
    assert save(ani, seen, {"name": "Loket Satu"}, marks=[{"polygon": PORTRAIT, "moving": False}]).status_code == 302
    [mark] = Zone.objects.get().as_zone().ignored
    assert mark.polygon[0] == (0.25, 0.25)
    image = cv2.imdecode(np.frombuffer(noise_jpeg(), np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert mark.cells == cells_of(image, mark.polygon).tobytes()
    editor = ani.get(f"/kamera/{seen.pk}/zona/").context["editor"]
    assert editor["zones"][-1] == {"mark": True, "polygon": PORTRAIT, "moving": False, "problems": []}


def test_zones_drawn_anew_keep_what_a_portrait_showed_when_it_was_marked(ani: Client, seen: Camera) -> None:
    """A person may stand before it today, who must not become part of it."""
    marks = [{"polygon": PORTRAIT, "moving": False}]
    save(ani, seen, {"name": "Loket Satu"}, marks=marks)
    first = Zone.objects.get()
    newest_picture.store_picture(seen.pk, noise_jpeg(seed=2), {"at": datetime.now(UTC).isoformat(), "reason": ""})
    save(ani, seen, {"counter": first.subject_id}, marks=marks)
    assert Zone.objects.get().ignored == first.ignored
    save(ani, seen, {"counter": first.subject_id}, marks=[])
    assert Zone.objects.get().ignored == []


def test_a_screen_is_kept_without_what_it_showed(ani: Client, seen: Camera) -> None:
    save(ani, seen, {"name": "Loket Satu"}, marks=[{"polygon": PORTRAIT, "moving": True}])
    assert Zone.objects.get().as_zone().ignored[0].moving


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (FAR_AWAY, "jauh dari semua zona"),
        (BOW_TIE, "tidak dapat dipakai"),
        ([[0.2, 0.2], [0.21, 0.2], [0.21, 0.21]], "kecil"),
    ],
)
def test_a_mark_that_cannot_be_used_saves_nothing(ani: Client, seen: Camera, polygon: object, words: str) -> None:
    answer = save(ani, seen, {"name": "Loket Satu"}, marks=[{"polygon": polygon, "moving": False}])
    assert answer.status_code == 422
    problems = [*answer.context["wrong"], *answer.context["editor"]["zones"][-1]["problems"]]
    assert words in " ".join(problems)
    assert not Zone.objects.exists()


def test_whom_the_system_sees_is_offered_for_marking(ani: Client, seen: Camera) -> None:
    view = {"at": datetime.now(UTC).isoformat(), "reason": "", "boxes": [[0.3, 0.2, 0.4, 0.5, 0.9]]}
    newest_picture.store_picture(seen.pk, noise_jpeg(), view)
    assert ani.get(f"/kamera/{seen.pk}/zona/").context["editor"]["seen"] == [[0.3, 0.2, 0.4, 0.5]]


def test_a_picture_older_than_the_cameras_address_is_not_drawn_on(ani: Client, seen: Camera) -> None:
    assert ani.get(f"/kamera/{seen.pk}/zona/").context["picture"]
    seen.save()
    assert "picture" not in ani.get(f"/kamera/{seen.pk}/zona/").context


def test_a_camera_that_does_not_answer_says_so_in_the_editor(ani: Client, camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(url=f"rtsp://127.0.0.1:{free_port()}/a")
    page = ani.post(f"/kamera/{camera.pk}/zona/gambar/").content.decode()
    assert "Perangkat menolak sambungan" in page
    assert "rahasia-lama" not in page
