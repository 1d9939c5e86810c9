"""Evidence for the tests: stored pictures of a counter."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from offices.places.models import Counter
from streams.evidence import store
from streams.evidence.models import Evidence
from tests.support.base import MORNING, SQUARE
from tests.support.pictures import grey_jpeg

Kind, Form = Evidence.Kind, Evidence.Form


def date_file(path: Path, at: datetime) -> None:
    """Let the file have been written then."""
    os.utime(path, (at.timestamp(), at.timestamp()))


def store_still(
    counter: Counter,
    kind: Evidence.Kind = Kind.DEADLINE,
    form: Evidence.Form = Form.ORIGINAL,
    at: datetime = MORNING,
    of: Evidence | None = None,
    data: bytes | None = None,
    **facts: Any,
) -> Evidence:
    """Store a picture of the counter and return its row.

    `of` is the original of a shown form; `data` defaults to a grey JPEG, `facts` override those of an empty look.
    """
    recorded = {"polygon": SQUARE, "boxes": [], "look": "empty", "people": 0, "step": "nobody"} | facts
    return store.store(counter, store.NewEvidence(kind, form, at, data or grey_jpeg(), recorded, of), at)
