"""Visitors' faces are hidden and the clerk's zone is not: real pictures, real models."""

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import mediapipe
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions, vision

from streams.detect.api import Detector
from streams.detect.crops import as_picture
from streams.detect.faces import Faces
from streams.detect.model_files import POSE
from streams.evidence.redaction.clip import blur_clip
from streams.evidence.redaction.rule import Head, HeadSighting, heads_at, visitor_heads
from streams.evidence.redaction.still import (
    UnreadableOriginal,
    blur_heads,
    decode_picture,
    draw_findings,
    encode_picture,
)
from streams.pixels.shapes import Box, DrawnZone
from streams.simulator.layouts import LAYOUTS, Layout
from tests.support.paths import ROOT
from tests.support.visitors import DESK, HALL, RIGHT, face_of, film, pictures_of, room, seconds, times_of

pytestmark = pytest.mark.once


@pytest.fixture(scope="session")
def faces(detector: Detector) -> Iterator[Faces]:
    """The face detector; `detector` prepares its model."""
    del detector  # requested for its effect
    with Faces(ROOT / "var" / "models") as loaded:
        yield loaded


def in_zone(image: np.ndarray, zone: DrawnZone) -> np.ndarray:
    inside = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.array([(round(x * 640), round(y * 360)) for x, y in zone.polygon], np.int32)], 1)
    return image[inside > 0]


def test_a_visitors_face_is_unrecognisable_and_the_clerks_zone_unchanged(faces: Faces) -> None:
    before = room()
    after = blur_heads(before, visitor_heads(*faces.find(before), DESK), DESK)
    rows, columns = face_of(RIGHT)
    sharpness = [cv2.Laplacian(image[rows, columns], cv2.CV_64F).var() for image in (before, after)]
    assert sharpness[1] < sharpness[0] / 50
    found = [face for face in faces.find(after)[0] if DESK.share(face) < 0.5 and face.x0 > 0.6]
    assert any(face.x0 > 0.6 for face in faces.find(before)[0])
    assert not found
    assert np.array_equal(in_zone(before, DESK), in_zone(after, DESK))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("side", [-1.6, RIGHT], ids=["left", "right"])
def test_a_visitor_is_hidden_in_every_demo_office_dim_or_bright(faces: Faces, layout: Layout, side: float) -> None:
    zone = DrawnZone(1, 1, layout.zone)
    before = room(visitor=side, layout=layout)
    after = blur_heads(before, visitor_heads(*faces.find(before), zone), zone)
    face = face_of(side, layout)
    assert cv2.Laplacian(after[face], cv2.CV_64F).var() < cv2.Laplacian(before[face], cv2.CV_64F).var() / 10
    assert np.array_equal(in_zone(before, zone), in_zone(after, zone))


def test_the_clerk_who_stands_beside_the_desk_is_hidden_like_any_visitor(faces: Faces) -> None:
    """No one is recognised: only the position of a face counts."""
    before = room(clerk=False)
    assert visitor_heads(*faces.find(before), DESK)
    assert not np.array_equal(
        before[face_of(RIGHT)], blur_heads(before, visitor_heads(*faces.find(before), DESK), DESK)[face_of(RIGHT)]
    )


def test_two_heads_of_the_same_twenty_colours_look_the_same_afterwards() -> None:
    """Too little of a head remains for face recognition."""
    dice = np.random.default_rng(1)
    one = dice.integers(0, 255, (360, 640, 3), np.uint8)
    other = one.copy()
    for row in range(100, 200, 20):
        for column in range(100, 180, 20):
            cell = other[row : row + 20, column : column + 20].reshape(-1, 3)
            other[row : row + 20, column : column + 20] = dice.permutation(cell).reshape(20, 20, 3)
    head = Head(None, Box(100 / 640, 100 / 360, 180 / 640, 200 / 360))
    shown, also = (blur_heads(image, [head], DESK)[100:200, 100:180] for image in (one, other))
    assert not np.array_equal(one, other)
    assert np.array_equal(shown, also)


def test_a_drawn_still_says_where_and_when_on_a_margin_below_the_picture() -> None:
    image = room(visitor=None)
    facts = {"polygon": HALL.zone, "boxes": [[0.45, 0.4, 0.55, 0.7, 0.9]], "look": "staffed"}
    picture = draw_findings(image, facts, ("Loket 1, 35 Ilir", "23 November 2026, 09.00.05 WIB"))
    margin = picture[360:]
    assert picture.shape[1] == 640
    letters = np.flatnonzero(margin.min(axis=(1, 2)) < 90)
    assert letters[-1] - letters[0] > 2 * 16  # two lines of at least 16 px: 9 px on a telephone 360 px wide
    assert not np.array_equal(picture[:360], image)
    assert decode_picture(encode_picture(picture)).shape == picture.shape


def test_a_long_name_of_a_counter_stays_on_the_picture() -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    name = "Loket Pelayanan Administrasi Kependudukan dan Surat Keterangan Domisili 12, 26 Ilir D.I"
    margin = draw_findings(image, {"polygon": HALL.zone}, (name,))[360:]
    inked = np.flatnonzero(margin.min(axis=(0, 2)) < 90)
    assert inked[-1] < 640 - 10


# --- clips --------------------------------------------------------------------------------------------------------


def test_in_no_picture_of_a_clip_is_the_visitors_face_to_be_seen(faces: Faces) -> None:
    """The visitor walks a metre per second; every other look is made to miss them."""
    walk = [1.0 + 0.07 * number for number in range(15)]
    before = film(room(visitor=x) for x in walk)
    looks = 0

    def forgetful(image: np.ndarray) -> tuple[Head, ...]:
        nonlocal looks
        looks += 1
        return () if looks % 2 == 0 else visitor_heads(*faces.find(image), DESK)

    after, count = blur_clip(before, [DESK], forgetful)
    assert count >= 1
    was, shown = pictures_of(before), pictures_of(after)
    assert len(shown) == len(was) == 15
    for x, old, new in zip(walk, was, shown, strict=True):
        face = face_of(x)
        assert cv2.Laplacian(new[face], cv2.CV_64F).var() < cv2.Laplacian(old[face], cv2.CV_64F).var() / 10


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_blurred_clip_lasts_as_long_and_plays_while_it_loads(codec: str) -> None:
    before = film((room(visitor=None) for _ in range(45)), codec=codec)
    after, _ = blur_clip(before, [DESK], lambda _image: ())
    assert seconds(after) == pytest.approx(seconds(before), abs=0.05)
    assert after.index(b"moov") < after.index(b"mdat")
    assert len(pictures_of(after)) == 45


def test_pictures_that_came_in_a_burst_keep_their_times() -> None:
    times = [*(n / 15 for n in range(15)), *(1 + n / 1000 for n in range(10)), 1.5]
    before = film((room(visitor=None) for _ in times), times=times)
    after, _ = blur_clip(before, [DESK], lambda _image: ())
    assert times_of(after) == pytest.approx(times, abs=0.0001)


@pytest.mark.parametrize("data", [b"", b"no film", film([np.zeros((64, 64, 3), np.uint8)])[:200]])
def test_what_is_no_film_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableOriginal):
        blur_clip(data, [DESK], lambda _image: ())


@pytest.mark.clips
def test_of_a_hundred_real_faces_at_most_two_are_left_to_be_seen(faces: Faces, clips: Path) -> None:
    """Where a face is comes from MediaPipe's pose, which hiding doesn't use: the nose of a body seen from the front."""
    elsewhere = DrawnZone(1, 1, ((0.0, 0.0), (0.3, 0.0), (0.3, 0.55), (0.0, 0.55)))
    options = vision.PoseLandmarkerOptions(BaseOptions(str(ROOT / "var" / "models" / POSE)), num_poses=2)
    noses: list[tuple[float, float, float]] = []
    looks = []
    film = av.open(str(clips / "one-by-one-person-detection.mp4"), "r")
    with film, vision.PoseLandmarker.create_from_options(options) as pose:
        for number, frame in enumerate(film.decode(video=0)):
            if number < 60:  # no visitor yet
                continue
            if number > 330:
                break
            image = as_picture(frame.to_ndarray(format="bgr24", width=640, height=360))
            if number % 3 == 0:  # as often as a clip's pictures are examined
                looks.append(HeadSighting(frame.time, visitor_heads(*faces.find(image), elsewhere)))
            if number % 3 != 1:  # a picture that was not examined
                continue
            picture = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(image[..., ::-1]))
            for marks in pose.detect(picture).pose_landmarks:
                nose, ears = marks[0], sorted((marks[7].x, marks[8].x))
                if nose.visibility > 0.9 and ears[0] < nose.x < ears[1] and ears[1] - ears[0] > 0.01:
                    noses.append((frame.time, nose.x, nose.y))
    missed = [
        (at, x, y)
        for at, x, y in noses
        if not any(h.around.x0 <= x <= h.around.x1 and h.around.y0 <= y <= h.around.y1 for h in heads_at(looks, at))
    ]
    assert len(noses) > 30
    assert len(missed) <= 0.02 * len(noses)
