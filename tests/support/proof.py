"""Evidence as the stories need it: a picture of a counter, stored for real."""

from datetime import datetime
from typing import Any

import cv2
import numpy as np

from offices.places.models import Counter
from streams.evidence import store
from streams.evidence.models import Evidence
from tests.support.base import MORNING, SQUARE

Kind, Form = Evidence.Kind, Evidence.Form


def jpeg(shade: int = 128) -> bytes:
    """A grey picture of 64 × 36."""
    return cv2.imencode(".jpg", np.full((36, 64, 3), shade, np.uint8))[1].tobytes()


def store_still(
    counter: Counter,
    kind: Evidence.Kind = Kind.DEADLINE,
    form: Evidence.Form = Form.ORIGINAL,
    at: datetime = MORNING,
    of: Evidence | None = None,
    data: bytes | None = None,
    **facts: Any,
) -> Evidence:
    said = {"polygon": SQUARE, "boxes": [], "look": "empty", "people": 0, "step": "nobody"} | facts
    return store.store(counter, store.NewEvidence(kind, form, at, data or jpeg(), said, of), at)
