"""Pictures of made-up absences are stored as real evidence is, say what they are, and go with the history."""

import tempfile
from pathlib import Path

import cv2
import numpy as np
from django.conf import settings
from django.urls import reverse

from discipline.tools.demo import history_pictures, make_history
from offices.access.models import Membership
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.verify import verify_evidence
from tests.support.demo_history import NOW, DemoHistoryTestCase, quiet


class Pictures(DemoHistoryTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(self.settings(EVIDENCE_DIR=Path(folder.name)))

    def test_they_are_drawn_shown_and_removed(self) -> None:
        camat = Membership.objects.get(user__username="camat.ib1")
        alert = history_pictures.choose_absences(1)[0]
        assert alert.counter.office.kecamatan_id == camat.kecamatan_id
        files = history_pictures.draw_history(1, NOW, quiet)
        originals = list(alert.evidence.all())
        shown = Evidence.objects.filter(of__in=originals)
        assert files == len(originals) + shown.count() >= 11
        assert {"first_empty", "deadline", "end", "emptied_clip"} <= {row.kind for row in originals}
        assert not verify_evidence(NOW).faults
        assert history_pictures.choose_absences(1)[0].counter.office != alert.counter.office
        still = next(row for row in originals if row.kind == "first_empty")
        picture = cv2.imdecode(np.frombuffer(store.read_verified(still), np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture[:24, :240].max() > 200 > 60 > np.median(picture[:24, :240])  # light letters on a dark band

        self.client.force_login(camat.user)
        assert "Gambar contoh (demo)" in self.client.get(reverse("indication", args=[alert.pk])).content.decode()

        with self.captureOnCommitCallbacks(execute=True):
            make_history.delete_history(NOW, quiet)
        assert Evidence.objects.filter(kind="destroyed").count() == files
        assert not [path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]
        assert not verify_evidence(NOW).faults
