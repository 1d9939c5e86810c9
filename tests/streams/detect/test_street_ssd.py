"""The detector of people and vehicles on real footage."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings

from streams.detect.registry import load_street_detector
from streams.detect.street_api import VEHICLES, StreetDetector, Thing
from tests.support.paths import CLIPS

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def detector() -> StreetDetector:
    return load_street_detector(Path(settings.MODELS_DIR))


def test_it_sees_the_people_of_a_real_street_and_no_queue(detector: StreetDetector) -> None:
    film = cv2.VideoCapture(str(CLIPS / "vtest.avi"))
    seen: Counter[Thing] = Counter()
    for _ in range(12):
        film.set(cv2.CAP_PROP_POS_FRAMES, film.get(cv2.CAP_PROP_POS_FRAMES) + 50)
        there, image = film.read()
        assert there
        before = image.copy()
        things = detector.see(np.asarray(image, np.uint8))
        assert (image == before).all()
        assert all(0 <= one.box.score <= 1 for one in things)
        seen.update(one.thing for one in things)
    assert seen[Thing.PERSON] >= 12
    assert sum(seen[thing] for thing in VEHICLES) < 3 * 12
