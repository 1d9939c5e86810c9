"""verify_evidence: changes are noticed even from a person with full access to database and disk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
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
from tests.support.proof import store_still

TOMORROW = MORNING + timedelta(days=1)


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


class Tampering(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.rows = [store_still(self.loket, at=MORNING + timedelta(minutes=n)) for n in range(5)]
        store_still(self.world.counter(self.world.ulu5))

    def finds(self, *faults: tuple[str, int]) -> str:
        """Assert that exactly these faults of 35 Ilir are found; return the command's output."""
        found = [(fault.what, fault.number) for fault in verify.verify_evidence().faults]
        assert found == list(faults)
        code, output = verified()
        assert code == (1 if faults else 0)
        assert output.count("16.71.01.1001: ") == len(faults)
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
        assert "2 offices, 6 rows, 6 files, 0 faults" in self.finds()

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
        output = self.finds(("removed", 4))
        assert "a row before 4 was removed" in output
        assert f"note: no row knows the file {self.rows[2].path}" in output

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

    def test_a_day_before_any_evidence_has_no_head(self) -> None:
        assert store.city_head(MORNING.date()) == ""
