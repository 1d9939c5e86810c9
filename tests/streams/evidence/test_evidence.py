"""Files of evidence, their rows and their chain."""

import hashlib
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from streams.evidence import chain, store
from streams.evidence.models import Evidence
from tests.support.base import MORNING, OfficeTestCase
from tests.support.pictures import grey_jpeg
from tests.support.proof import store_still


def links() -> list[chain.Link]:
    return [store.link_of(row) for row in Evidence.objects.all()]


class Storing(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)

    def test_a_file_is_on_disk_with_its_hash_in_its_row(self) -> None:
        row = store_still(self.loket)
        assert store.path_of(row).read_bytes() == grey_jpeg()
        assert (row.size, row.sha256) == (len(grey_jpeg()), hashlib.sha256(grey_jpeg()).hexdigest())
        assert row.path.startswith("16.71.01.1001/2026-11-23/020000-")

    def test_each_office_has_a_chain_of_its_own(self) -> None:
        rows = [store_still(self.loket), store_still(self.world.counter(self.world.ulu5)), store_still(self.loket)]
        assert [row.number for row in rows] == [1, 1, 2]
        assert [row.previous for row in rows] == ["", "", rows[0].hash]

    def test_a_chain_read_back_from_the_database_holds(self) -> None:
        first = store_still(self.loket, boxes=((-0.0, 0.1, 0.25, 1.0, 0.87), (1e-7, 0.1, 0.2, 0.3, 0.5)))
        store_still(self.loket, of=first, form=Evidence.Form.DRAWN)
        store.note_destroyed(first, "retention", MORNING)
        assert len(links()) == 3
        assert list(chain.chain_faults(links())) == []

    def test_the_database_refuses_to_change_or_remove_a_row(self) -> None:
        row = store_still(self.loket)
        for change in (lambda: Evidence.objects.update(size=1), row.delete):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()
        assert Evidence.objects.count() == 1

    def test_a_disk_that_refuses_leaves_neither_file_nor_row(self) -> None:
        before = files()
        full = patch("os.fsync", side_effect=OSError(28, "No space left on device"))
        with full, pytest.raises(OSError, match="No space"):
            store_still(self.loket)
        assert (files(), Evidence.objects.count()) == (before, 0)


def files() -> set[Path]:
    return {path for path in Path(settings.EVIDENCE_DIR).rglob("*") if path.is_file()}
