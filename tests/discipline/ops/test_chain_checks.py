"""The inspectorate checks the evidence on a page: what was changed is named, by office."""

import shutil
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from discipline.ops.chain_checks import checks
from discipline.ops.chain_checks.models import ChainCheck
from streams.evidence import store, verify
from streams.evidence.models import Evidence
from tests.support.base import OfficeTestCase
from tests.support.proof import store_still

PAGE, CHECK = reverse("evidence-chain"), reverse("evidence-check")
State = ChainCheck.State


class Checking(OfficeTestCase):
    def setUp(self) -> None:
        shutil.rmtree(settings.EVIDENCE_DIR, ignore_errors=True)  # files of tests whose rows were rolled back
        Path(settings.EVIDENCE_DIR).mkdir()
        self.stills = [
            store_still(self.world.counter(office), form=Evidence.Form.ORIGINAL)
            for office in (self.world.ilir35, self.world.ulu5)
        ]
        store.seal_days(timezone.now())
        self.client.force_login(self.world.intan)

    def check(self) -> ChainCheck:
        """Ask for a check on the page, and make it as the worker does."""
        self.client.post(CHECK)
        checks.make_requested()
        return ChainCheck.objects.latest("pk")

    def page(self) -> str:
        return self.client.get(PAGE).content.decode()

    def test_intact_evidence_is_said_to_be_intact_office_by_office(self) -> None:
        assert "Belum pernah diperiksa" in self.page()
        made = self.check()
        assert (made.state, made.by, made.rows, made.files, made.fault_count) == (
            State.DONE, self.world.intan, 2, 2, 0,
        )  # fmt: skip
        page = self.page()
        assert "Semua bukti utuh." in page
        assert [place["name"] for place in made.places] == ["35 Ilir", "5 Ulu"]
        assert page.index("35 Ilir") < page.index("5 Ulu")

    def test_what_was_changed_is_named_and_comes_first(self) -> None:
        second = self.stills[1]
        store.path_of(second).write_bytes(b"another picture")
        (Path(settings.EVIDENCE_DIR) / "16.71.99.0001").mkdir()
        made = self.check()
        assert [fault["what"] for place in made.places for fault in place["faults"]] == ["file_changed"]
        page = self.page()
        assert "1 hal tidak cocok." in page
        assert f"Berkas catatan nomor {second.number} diubah." in page
        assert page.index("5 Ulu") < page.index("35 Ilir")

    def test_one_check_at_a_time_and_earlier_ones_stay_listed(self) -> None:
        self.client.post(CHECK)
        self.client.post(CHECK)
        assert ChainCheck.objects.get().under_way
        page = self.page()
        assert "Menunggu giliran" in page
        assert 'hx-trigger="every 1s"' in page
        assert "Periksa sekarang" not in page
        checks.make_requested()
        self.check()
        assert [one.state for one in ChainCheck.objects.all()] == [State.DONE] * 2
        assert "Pemeriksaan sebelumnya" in self.page()

    def test_a_check_whose_worker_died_is_said_to_be_incomplete_and_can_be_made_again(self) -> None:
        row = checks.request_check(self.world.intan, timezone.now())
        ChainCheck.objects.update(state=State.WORKING, touched_at=timezone.now() - checks.SILENT_AFTER * 2)
        assert "terhenti sebelum selesai" in self.page()
        assert self.check().pk != row.pk

    def test_evidence_that_is_destroyed_during_a_check_is_no_fault(self) -> None:
        digest = verify._sha256

        def destroyed_meanwhile(path: Path) -> str:
            if path == store.path_of(self.stills[0]):
                store.note_destroyed(self.stills[0], "age", timezone.now())
                path.unlink()
            return digest(path)

        with patch.object(verify, "_sha256", destroyed_meanwhile):
            made = self.check()
        assert (made.fault_count, made.files) == (0, 1)
