"""verify_evidence: changes are noticed even from a person with full access to database and disk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from discipline import tasks
from discipline.celery import app
from offices.hours.schedule import local_day
from streams.evidence import chain, store, verify
from streams.evidence.models import Evidence, EvidenceHead
from tests.support.base import MORNING, OfficeTestCase
from tests.support.clock import stopped_clock
from tests.support.proof import date_file, store_still

TOMORROW = MORNING + timedelta(days=1)
stopped = stopped_clock(MORNING)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR, settings.HEADS_DIR = tmp_path / "evidence", tmp_path / "heads"


@contextmanager
def superuser() -> Iterator[None]:
    """Disable the triggers of the evidence tables."""
    tables = ("streams_evidence", "streams_evidencehead")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verified(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_evidence", *arguments, stdout=out)
    except SystemExit as over:
        return int(over.code or 0), out.getvalue()
    return 0, out.getvalue()


def found(now: datetime) -> list[tuple[str, int]]:
    return [(fault.what, fault.number) for fault in verify.verify_evidence(now).faults]


class Tampering(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.rows = [store_still(self.loket, at=MORNING + timedelta(minutes=n)) for n in range(5)]
        store_still(self.world.counter(self.world.ulu5))

    def finds(self, *faults: tuple[str, int], others: int = 0) -> str:
        """Assert that exactly these faults are found, all but `others` of 35 Ilir; return the command's output."""
        assert found(MORNING) == list(faults)
        code, output = verified()
        assert code == (1 if faults else 0)
        assert output.count("16.71.01.1001: ") == len(faults) - others
        return output

    def rewrite(self, rows: list[Evidence], **changes: Any) -> None:
        """Rewrite these rows and the hashes to the end of the chain, as a person who knows the algorithm could."""
        _, previous = 0, self.rows[rows[0].number - 2].hash if rows[0].number > 1 else ""
        for row in rows:
            for name, value in (changes if row is rows[0] else {}).items():
                setattr(row, name, value)
            row.previous = previous
            row.hash = chain.hash_of(row.number, store.link_of(row).body, previous)
            row.save()
            previous = row.hash

    def test_nothing_was_touched(self) -> None:
        assert "2 offices, 6 rows, 6 files, 0 signed heads, 0 faults" in self.finds()

    def test_one_changed_byte_of_a_file_is_named(self) -> None:
        path = store.path_of(self.rows[2])
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert f"file of row 3 was changed: {self.rows[2].path}" in self.finds(("file_changed", 3))

    def test_a_missing_file_is_named(self) -> None:
        store.path_of(self.rows[1]).unlink()
        assert f"file of row 2 is missing: {self.rows[1].path}" in self.finds(("file_missing", 2))

    def test_a_file_that_was_destroyed_by_the_rules_is_not_missed(self) -> None:
        store.note_destroyed(self.rows[1], "retention", MORNING)
        store.path_of(self.rows[1]).unlink()
        self.finds()

    def test_a_removed_row_is_named(self) -> None:
        with superuser():
            self.rows[2].delete()
        date_file(store.path_of(self.rows[2]), MORNING - timedelta(hours=2))
        output = self.finds(("removed", 4), ("file_unknown", 0))
        assert "a row before 4 was removed" in output
        assert f"16.71.01.1001: no row knows the file {self.rows[2].path}" in output

    def test_the_removed_last_rows_of_today_are_shown_by_their_files(self) -> None:
        with superuser():
            for row in self.rows[3:]:
                row.delete()
        for row in self.rows[3:]:
            date_file(store.path_of(row), MORNING - timedelta(hours=2))
        self.finds(("file_unknown", 0), ("file_unknown", 0))

    def test_a_file_of_the_last_hour_may_still_get_its_row(self) -> None:
        path = store.path_of(self.rows[0]).with_name("being-stored.jpg")
        path.write_bytes(b"picture")
        date_file(path, MORNING - timedelta(minutes=5))
        assert f"note: no row knows the file 16.71.01.1001/2026-11-23/{path.name} yet" in self.finds()
        path.with_suffix(".part").write_bytes(b"half a pict")
        date_file(path.with_suffix(".part"), MORNING - timedelta(days=1))
        self.finds()

    def test_evidence_truncated_on_its_first_day_is_shown_by_its_files(self) -> None:
        for row in self.rows:
            date_file(store.path_of(row), MORNING - timedelta(hours=2))
        with superuser(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("TRUNCATE streams_evidence CASCADE")
            cursor.execute("SET LOCAL session_replication_role = origin")
        self.finds(*[("file_unknown", 0)] * len(self.rows))

    def test_files_of_no_office_are_shown(self) -> None:
        stray = Path(settings.EVIDENCE_DIR) / "99.99" / "a.jpg"
        stray.parent.mkdir()
        stray.write_bytes(b"picture")
        date_file(stray, MORNING - timedelta(days=1))
        assert "99.99: no row knows the file 99.99/a.jpg" in self.finds(("file_unknown", 0), others=1)

    def test_rows_of_a_day_that_is_over_need_a_head(self) -> None:
        missing = [("head_missing", 5), ("head_missing", 1)]
        midnight = MORNING + timedelta(hours=15)  # 00.00 WIB
        assert found(midnight + timedelta(hours=1)) == []  # the beat has time
        assert found(midnight + timedelta(hours=3)) == missing
        store.seal_days(TOMORROW)
        assert found(TOMORROW) == []
        with superuser():
            EvidenceHead.objects.all().delete()
            self.rows[4].delete()
        assert found(TOMORROW) == [("head_missing", 4), ("head_missing", 1)]

    def test_a_removed_row_is_named_though_the_later_ones_move_up(self) -> None:
        with superuser():
            self.rows[2].delete()
            for row in self.rows[3:]:
                Evidence.objects.filter(pk=row.pk).update(number=F("number") - 1)
        self.finds(("removed", 3))

    def test_the_removed_last_rows_are_missed_by_the_head_of_their_day(self) -> None:
        store.seal_days(TOMORROW)
        with superuser():
            for row in self.rows[3:]:
                row.delete()
        assert "rows up to 5 were there on 2026-11-23, the last one now is 3" in self.finds(("end_removed", 5))

    def test_a_chain_removed_as_a_whole_is_missed_too(self) -> None:
        store.seal_days(TOMORROW)
        with superuser():
            Evidence.objects.filter(counter=self.loket).delete()
        self.finds(("end_removed", 5))

    def test_an_inserted_row_is_named(self) -> None:
        with superuser():
            for row in reversed(self.rows[2:]):
                Evidence.objects.filter(pk=row.pk).update(number=F("number") + 1)
            forged = Evidence.objects.get(pk=self.rows[0].pk)
            forged.pk, forged.number, forged.previous = None, 3, self.rows[1].hash
            forged.hash = chain.hash_of(3, store.link_of(forged).body, forged.previous)
            forged.save(force_insert=True)
        assert "row 3 was inserted" in self.finds(("inserted", 3))

    def test_a_changed_row_is_named(self) -> None:
        with superuser():
            Evidence.objects.filter(pk=self.rows[3].pk).update(at=MORNING - timedelta(hours=1))
        assert "row 4 was changed" in self.finds(("changed", 4))

    def test_a_changed_row_with_a_new_hash_breaks_the_one_after_it(self) -> None:
        with superuser():
            self.rewrite(self.rows[1:2], at=MORNING - timedelta(hours=1))
        self.finds(("inserted", 3))  # row 3 follows another one

    def test_a_chain_made_anew_to_its_end_is_shown_by_the_head_of_its_day(self) -> None:
        store.seal_days(TOMORROW)
        with superuser():
            self.rewrite(self.rows[1:], at=MORNING - timedelta(hours=1))
        assert "row 5 is not the one that was the newest on 2026-11-23" in self.finds(("head_differs", 5))

    def test_heads_made_anew_with_it_are_shown_by_the_printed_line(self) -> None:
        store.seal_days(TOMORROW)
        printed = store.city_head(MORNING.date())
        assert f"head of 2026-11-23: {printed}" in verified("--day", "2026-11-23")[1]
        with superuser():
            self.rewrite(self.rows[1:], at=MORNING - timedelta(hours=1))
            EvidenceHead.objects.filter(kelurahan=self.world.ilir35).update(hash=self.rows[-1].hash)
        self.finds()
        assert store.city_head(MORNING.date()) != printed
        assert printed not in verified("--day", "2026-11-23")[1]

    def test_one_office_alone_as_json(self) -> None:
        store.path_of(self.rows[1]).unlink()
        code, output = verified("--office", "16.71.02.1005", "--json")
        assert (code, json.loads(output)["rows"]) == (0, 1)
        code, output = verified("--office", "16.71.01.1001", "--json")
        assert code == 1
        missing = f"file of row 2 is missing: {self.rows[1].path}"
        fault = {"office": "16.71.01.1001", "what": "file_missing", "number": 2, "said": missing}
        assert json.loads(output)["faults"] == [fault]
        with pytest.raises(CommandError, match="no office 99"):
            verified("--office", "99")


class Heads(OfficeTestCase):
    def test_a_day_is_sealed_once_with_the_newest_row_that_was_there_at_its_midnight(self) -> None:
        loket = self.world.counter(self.world.ilir35)
        store_still(loket)
        last = store_still(loket, at=MORNING + timedelta(hours=14))  # 23.00 WIB
        store_still(loket, at=MORNING + timedelta(hours=15, minutes=5))  # 00.05 WIB, before beat has run
        assert store.seal_days(MORNING + timedelta(hours=16)) == [MORNING.date()]
        assert store.seal_days(MORNING + timedelta(hours=17)) == []
        head = EvidenceHead.objects.get()
        assert (str(head.local_day), head.number, head.hash) == ("2026-11-23", 2, last.hash)

    def test_days_that_the_beat_slept_through_are_sealed_late(self) -> None:
        store_still(self.world.counter(self.world.ilir35))
        store.seal_days(TOMORROW)
        assert len(store.seal_days(TOMORROW + timedelta(days=3))) == 3
        assert EvidenceHead.objects.count() == 4
        assert store.city_head(MORNING.date()) != store.city_head(TOMORROW.date())

    def test_the_beat_seals_the_day_that_is_over(self) -> None:
        assert app.conf.beat_schedule["seal"]["task"] == tasks.seal.name
        store_still(self.world.counter(self.world.ilir35), at=timezone.now() - timedelta(days=1))
        tasks.seal()
        assert EvidenceHead.objects.get().local_day == local_day(timezone.now()) - timedelta(days=1)

    def test_evidence_from_before_the_first_seal_is_sealed_day_by_day(self) -> None:
        store_still(self.world.counter(self.world.ilir35))
        assert len(store.seal_days(MORNING + timedelta(days=70))) == 70

    def test_a_day_before_any_evidence_has_no_head(self) -> None:
        assert store.city_head(MORNING.date()) == ""
