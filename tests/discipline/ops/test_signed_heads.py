"""Signed heads: whoever rewrites a record is found, even with all rights in the database."""

import json
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from discipline import tasks
from discipline.celery import app
from discipline.ops.append_only import copies, digests, head_key, sealing, tables
from discipline.ops.append_only.comparing import HeadsReport, compare_heads
from discipline.ops.append_only.models import SignedHead
from discipline.staffing.models import Flip
from offices.access.rights_models import RightsChange
from streams.evidence import chain, store
from streams.evidence.models import Evidence
from streams.evidence.openings import open_original
from streams.live import access_log
from streams.live.models import View
from tests.support.base import MORNING, OfficeTestCase
from tests.support.clock import stopped_clock
from tests.support.proof import store_still
from tests.support.receiving import ReceiverCase

HOUR = timedelta(hours=1)
stopped = stopped_clock(MORNING + HOUR)


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR, settings.HEADS_DIR = tmp_path / "evidence", tmp_path / "heads"
    settings.HEADS_KEY_FILE = tmp_path / "heads_key"


def sql(*statements: str) -> None:
    """Run these with all rights of a superuser and without any trigger."""
    with connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", "SET session_replication_role = replica", *statements):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def compared(*files: Path) -> list[str]:
    return compare_heads(list(files), MORNING + 2 * HOUR).faults


class Sealed(OfficeTestCase):
    """A morning with a row in several records, sealed; then an hour with one more, sealed; heads are copied."""

    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)
        self.still = store_still(self.loket)
        store_still(self.loket, at=MORNING + timedelta(minutes=1))
        open_original(self.world.intan.pk, "session", self.still, "Memeriksa pengaduan", MORNING)
        self.view = access_log.open_view(
            self.world.budi, self.world.cameras[self.world.ilir35.pk], View.Why.ROUTINE, MORNING
        )
        self.flips = [self.flip(old, new) for old, new in (("closed", "staffed"), ("staffed", "grace"))]
        self.alert = self.world.accuse(self.loket)
        self.alert.decisions.create(at=MORNING, by=self.world.budi, role="camat", what="confirmed")
        assert sealing.seal_tables(MORNING)
        store_still(self.loket, at=MORNING + timedelta(minutes=2))
        assert sealing.seal_tables(MORNING + HOUR)
        copies.copy_heads(MORNING + HOUR)
        self.copy = copies.own_file()

    def flip(self, old: str, new: str) -> Flip:
        return Flip.objects.create(counter=self.loket, at=MORNING, old=old, new=new, since=MORNING, noticed_at=MORNING)

    def test_what_was_not_touched_has_no_faults(self) -> None:
        access_log.close_view(self.view.pk, MORNING + HOUR)
        Flip.objects.update(alerted_at=MORNING)
        self.flip("grace", "absent")  # since the newest head
        assert compare_heads([self.copy], MORNING + 2 * HOUR) == HeadsReport(heads=2)

    def test_a_changed_row_of_any_record_is_found(self) -> None:
        for table, change in (
            ("streams_view", "opened_at = opened_at - interval '1 day'"),
            ("streams_evidenceopening", "reason = 'Pemeriksaan rutin saja'"),
            ("discipline_flip", "reason = 'x'"),
            ("discipline_alert", "raised_at = raised_at + interval '1 hour'"),
            ("discipline_decision", "what = 'excused'"),
            ("streams_evidence", "facts = '{}'"),
        ):
            with self.subTest(table), transaction.atomic():
                sql(f"UPDATE {table} SET {change} WHERE id = (SELECT min(id) FROM {table})")
                [fault] = compared()
                assert fault.startswith(f"{table}: rows 1 to ")
                assert fault.endswith("head 1 (2026-11-23T02:00:00+00:00): their contents were changed")
                transaction.set_rollback(True)

    def test_removed_and_truncated_rows_are_found(self) -> None:
        with transaction.atomic():
            sql(f"DELETE FROM discipline_flip WHERE id = {self.flips[0].pk}")
            [fault] = compared()
            assert fault.endswith("1 instead of 2")
            transaction.set_rollback(True)
        sql("TRUNCATE streams_view")
        [fault] = compared()
        assert fault.startswith("streams_view: ")
        assert fault.endswith(": 0 instead of 1")

    def test_an_office_s_chain_made_anew_with_its_heads_is_found(self) -> None:
        store.seal_days(MORNING + timedelta(days=1))
        previous = ""
        for row in Evidence.objects.order_by("number"):
            row.facts = {"forged": True} if row.pk == self.still.pk else row.facts
            row.previous = previous
            row.hash = previous = chain.hash_of(row.number, store.link_of(row).body, row.previous)
            facts = json.dumps(row.facts)
            changed = f"facts = '{facts}', previous = '{row.previous}', hash = '{row.hash}'"
            sql(f"UPDATE streams_evidence SET {changed} WHERE id = {row.pk}")
        sql(f"UPDATE streams_evidencehead SET hash = '{previous}'")
        assert [fault.split(":")[0] for fault in compared()] == ["streams_evidence"] * 2

    def test_evidence_and_heads_truncated_are_found_by_the_copy(self) -> None:
        sql("TRUNCATE streams_evidence, streams_evidencehead, discipline_signedhead CASCADE")
        found = compared(self.copy)
        assert f"{self.copy}, line 1: head 1 of 2026-11-23T02:00:00+00:00 is missing in the database" in found
        assert [fault for fault in found if fault.startswith("streams_evidence: ")] != []
        sealing.seal_tables(MORNING + 2 * HOUR)  # the next beat makes a first head anew
        another = f"{self.copy}, line 1: head 1 of 2026-11-23T02:00:00+00:00 is another one in the database"
        assert another in compared(self.copy)
        before = self.copy.read_text()
        copies.copy_heads(MORNING + 2 * HOUR)
        assert self.copy.read_text() == before

    def test_the_last_rows_cut_with_their_head_are_found_by_the_copy(self) -> None:
        sql(
            "DELETE FROM streams_evidence WHERE number = 3",
            "DELETE FROM discipline_signedhead WHERE sequence = 2",
        )
        assert compared() == []
        found = compared(self.copy)
        assert "head 2 of 2026-11-23T03:00:00+00:00 is missing in the database" in found[0]
        assert "which only a copy has: 0 instead of 1" in found[1]

    def test_a_head_taken_out_of_the_middle_is_found(self) -> None:
        sealing.seal_tables(MORNING + 2 * HOUR)
        sql("DELETE FROM discipline_signedhead WHERE sequence = 2")
        assert compared() == ["heads 2 to 2 are missing in the database"]

    def test_a_forged_head_is_not_signed(self) -> None:
        head = SignedHead.objects.get(sequence=2)
        body = json.loads(head.line)
        body["grown"]["streams_evidence"]["rows"] = 0
        sql(f"UPDATE discipline_signedhead SET line = '{json.dumps(body)}' WHERE sequence = 2")
        assert compared() == ["head 2 of the database was changed after it was signed"]
        sql("UPDATE discipline_signedhead SET line = 'x' WHERE sequence = 2")
        assert compared() == ["head 2 of the database is no head"]

    def test_heads_signed_with_another_key_are_not_trusted_unless_it_is_named(self) -> None:
        earlier = head_key.public_key()
        Path(settings.HEADS_KEY_FILE).unlink()
        assert compared() == [f"head {n} of the database is signed by the unknown key {earlier}" for n in (1, 2)]
        with self.settings(HEADS_PUBLIC_KEYS=[earlier]):
            assert compared() == []

    def test_rows_that_wait_for_a_late_head_are_told(self) -> None:
        later = MORNING + 5 * HOUR
        assert compare_heads([], later).faults == []
        self.flip("grace", "absent")
        [fault] = compare_heads([], later).faults
        assert fault.startswith("no head since 2026-11-23T03:00:00Z, and rows without one in discipline_flip")

    def test_the_command_compares_the_own_copy_and_named_ones(self) -> None:
        def run(*arguments: str) -> tuple[int, str]:
            out = StringIO()
            try:
                call_command("verify_evidence", *arguments, stdout=out)
            except SystemExit as over:
                return int(over.code or 0), out.getvalue()
            return 0, out.getvalue()

        assert "2 signed heads, 0 faults" in run()[1]
        sql("DELETE FROM discipline_signedhead WHERE sequence = 2")
        assert run()[0] == 1
        elsewhere = self.copy.rename(self.copy.with_name("from-the-mailbox.jsonl"))
        assert run()[0] == 0
        code, output = run("--heads", str(elsewhere))
        assert code == 1
        assert "from-the-mailbox.jsonl, line 2: head 2 of" in output
        assert json.loads(run("--heads", str(elsewhere), "--json")[1])["heads"]["faults"] != []


class Copies(OfficeTestCase):
    def test_the_beat_seals_and_copies_each_hour(self) -> None:
        assert app.conf.beat_schedule["seal_tables"]["task"] == tasks.seal_tables.name
        tasks.seal_tables()
        tasks.seal_tables()
        lines = copies.own_file().read_text().splitlines()
        assert [head_key.read_line(line)["sequence"] for line in lines] == [1, 2]

    def test_a_torn_line_and_a_moved_file_cost_no_head(self) -> None:
        tasks.seal_tables()
        file = copies.own_file()
        with file.open("a") as torn:
            torn.write('{"at":"2026-')
        tasks.seal_tables()
        report = compare_heads([file], MORNING)
        assert (report.faults, report.notes) == ([], [f"{file}, line 2 is no head"])
        file.rename(file.with_suffix(".old"))
        tasks.seal_tables()
        assert compare_heads([file], MORNING) == HeadsReport(heads=3)

    def test_a_mailbox_gets_each_head_once(self) -> None:
        with self.settings(HEADS_MAIL="inspektorat@sidak.example"):
            sealing.seal_tables(MORNING)
            tasks.seal_tables()
            tasks.seal_tables()
        assert [one.subject for one in mail.outbox] == ["Sidak: heads-1-to-2", "Sidak: heads-3-to-3"]
        name, content, _ = mail.outbox[0].attachments[0]
        assert name == "heads-1-to-2.jsonl"
        assert compare_heads([self.written(content)], MORNING).faults == []

    def written(self, content: bytes) -> Path:
        path = copies.own_file().with_name("mailed.jsonl")
        path.write_bytes(content)
        return path


class Webhook(ReceiverCase):
    def test_what_a_webhook_refuses_is_sent_with_the_next_head(self) -> None:
        with self.settings(HEADS_URL=f"{self.service.url}/heads", HEADS_PRIVATE_HOSTS=True):
            self.service.answer("heads", 503)
            for _ in range(3):
                tasks.seal_tables()
        bodies = [request.body.decode().splitlines() for request in self.service.got]
        assert [[head_key.read_line(line)["sequence"] for line in body] for body in bodies] == [[1], [1, 2], [3]]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_late_is_not_taken_for_an_inserted_one() -> None:
    written, end = threading.Event(), threading.Event()
    record = {"at": MORNING, "by_key": 1, "by_name": "ani", "user_key": 2, "user_name": "eko", "taken": []}

    def write_slowly() -> None:
        with transaction.atomic():
            RightsChange.objects.create(**record, given=["first"])
            written.set()
            end.wait()
        connection.close()

    def seal() -> None:
        sealing.seal_tables(MORNING)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    written.wait()
    RightsChange.objects.create(**record, given=["second"])
    rights = [table for table in tables.sealed_tables() if table.name == "offices_rightschange"]
    assert digests.settled_until(rights, longest_s=0) == {}
    sealed = threading.Thread(target=seal)
    sealed.start()
    end.set()
    writer.join()
    sealed.join()
    assert json.loads(SignedHead.objects.get().line)["grown"]["offices_rightschange"]["rows"] == 2
    assert compare_heads([], MORNING).faults == []
