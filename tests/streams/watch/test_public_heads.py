"""Which heads the public's stills of streets hide, on real and on painted streets."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings

from streams.detect import faces
from streams.detect.registry import load_street_detector
from streams.detect.street_api import Thing
from streams.evidence.redaction.rule import Head, head_box, visitor_heads
from streams.pixels.jpeg import narrowed
from streams.pixels.shapes import Box
from streams.simulator.street.film import Film
from streams.simulator.street.layouts import STREETS
from streams.simulator.street.scenes import StreetLight, StreetScene
from streams.watch.broadcast import everybodys_heads
from tests.support.paths import CLIPS

pytestmark = pytest.mark.once


def hides(heads: tuple[Head, ...], head: Box) -> bool:
    """Return whether the most part of a head is within one that is hidden."""
    return any(one.around.overlap(head) >= 0.5 * head.area for one in heads)


def test_every_head_of_a_real_street_that_was_hidden_still_is() -> None:
    """Those people are compared that another detector, of COCO, is sure of."""
    detector = load_street_detector(Path(settings.MODELS_DIR))
    film, compared = cv2.VideoCapture(str(CLIPS / "vtest.avi")), 0
    for second in range(4, 76, 12):
        film.set(cv2.CAP_PROP_POS_FRAMES, 10 * second)
        image = narrowed(np.asarray(film.read()[1], np.uint8), 640)
        everything, left = visitor_heads(*faces.loaded().find(image)), everybodys_heads(image)
        for one in detector.see(image):
            if one.thing is Thing.PERSON and one.box.score >= 0.5 and hides(everything, head_box(one.box)):
                assert hides(left, head_box(one.box)), (second, one)
                compared += 1
    assert compared >= 20


@pytest.mark.parametrize("name", ["taman", "bawah", "jembatan"])
def test_columns_trees_and_empty_roads_of_painted_streets_stay_visible(name: str) -> None:
    image = Film(STREETS[name], StreetScene.FLOW, StreetLight.DAY).picture(0.0)
    heads = everybodys_heads(image)
    assert heads  # of those who are there
    assert max(head.around.area for head in heads) < 0.02
