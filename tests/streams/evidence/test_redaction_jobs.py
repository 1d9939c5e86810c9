"""Originals get their redacted forms without being asked for, whatever failed before."""

import subprocess
import sys
from datetime import timedelta
from unittest.mock import patch

import cv2
import pytest
from django.db import IntegrityError, transaction

from streams.detect import faces
from streams.evidence import store
from streams.evidence.models import Evidence, Showing
from streams.evidence.redaction import jobs as redaction_jobs
from streams.evidence.redaction.still import decode_picture, encode_picture
from tests.support.base import MORNING, OfficeTestCase
from tests.support.paths import ROOT
from tests.support.proof import store_still
from tests.support.visitors import HALL, RIGHT, face_of, film, pictures_of, room

pytestmark = pytest.mark.once

Kind, Form = Evidence.Kind, Evidence.Form
ZONE = [list(point) for point in HALL.zone]
LATER = MORNING + timedelta(minutes=2)


@pytest.mark.usefixtures("detector")  # it prepares the models
class Showings(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = self.world.counter(self.world.ilir35)

    def still(self, kind: Evidence.Kind = Kind.DEADLINE) -> Evidence:
        return store_still(self.loket, kind, data=encode_picture(room()), polygon=ZONE)

    def forms(self, original: Evidence) -> set[str]:
        return set(original.derived.values_list("form", flat=True))

    def test_a_still_is_shown_without_the_visitors_face_and_once_more_with_the_zone_drawn(self) -> None:
        original = self.still()
        assert redaction_jobs.make_shown_forms(MORNING) == 2
        plain, drawn = original.derived.order_by("number")
        assert (plain.form, drawn.form, plain.kind, plain.at) == (Form.PLAIN, Form.DRAWN, Kind.DEADLINE, MORNING)
        assert plain.facts["faces_blurred"] >= 1
        assert plain.facts["look"] == original.facts["look"]
        shown = decode_picture(store.read_verified(plain))
        assert cv2.Laplacian(shown[face_of(RIGHT)], cv2.CV_64F).var() < 60
        assert (drawn.facts["width"], drawn.facts["height"] > 400) == (640, True)
        assert store.read_verified(original) != store.read_verified(plain)

    def test_a_clip_is_shown_blurred_and_never_drawn_on(self) -> None:
        clip = film([room()] * 20)
        original = store_still(self.loket, Kind.EMPTIED_CLIP, data=clip, polygon=ZONE, duration_s=40)
        assert redaction_jobs.make_shown_forms(MORNING) == 1
        (plain,) = original.derived.all()
        assert (plain.form, plain.facts["duration_s"], plain.path[-4:]) == (Form.PLAIN, 40, ".mp4")
        assert all(
            cv2.Laplacian(picture[face_of(RIGHT)], cv2.CV_64F).var() < 60
            for picture in pictures_of(store.read_verified(plain))
        )

    def test_what_is_done_is_not_done_again(self) -> None:
        self.still()
        redaction_jobs.make_shown_forms(MORNING)
        assert redaction_jobs.make_shown_forms(LATER) == 0
        assert not Showing.objects.exists()

    def test_a_run_that_died_between_two_forms_is_finished_by_the_next(self) -> None:
        original = self.still()
        store_still(self.loket, form=Form.PLAIN, of=original)
        assert redaction_jobs.make_shown_forms(MORNING) == 1
        assert self.forms(original) == {Form.PLAIN, Form.DRAWN}

    def test_one_broken_file_stops_no_other_and_is_tried_again_ever_more_rarely(self) -> None:
        broken, fine = store_still(self.loket, data=b"no picture", polygon=ZONE), self.still()
        assert redaction_jobs.make_shown_forms(MORNING) == 2
        assert self.forms(fine) == {Form.PLAIN, Form.DRAWN}
        trouble = Showing.objects.get()
        assert (trouble.pk, trouble.why) == (broken.pk, "UnreadableOriginal: not a picture")
        redaction_jobs.make_shown_forms(MORNING + timedelta(seconds=30))
        assert Showing.objects.get().tries == 1
        redaction_jobs.make_shown_forms(LATER)
        trouble = Showing.objects.get()
        assert (trouble.tries, trouble.again_at) == (2, LATER + timedelta(minutes=2))

    def test_an_original_changed_on_disk_is_not_blurred_and_passed_on_as_true(self) -> None:
        original = self.still()
        store.path_of(original).write_bytes(encode_picture(room(clerk=False)))
        assert redaction_jobs.make_shown_forms(MORNING) == 0
        assert Showing.objects.get().why.startswith("EvidenceAltered")

    def test_a_destroyed_original_is_left_alone(self) -> None:
        store.note_destroyed(self.still(), "retention", MORNING)
        assert redaction_jobs.make_shown_forms(LATER) == 0

    def test_two_workers_never_make_the_same_one(self) -> None:
        original = self.still()
        assert redaction_jobs._claim(original, MORNING)
        assert not redaction_jobs._claim(original, MORNING)
        assert redaction_jobs.make_shown_forms(MORNING) == 0
        assert redaction_jobs.make_shown_forms(MORNING + redaction_jobs.CLAIMED) == 2  # the first worker died

    def test_the_database_lets_each_form_be_stored_once(self) -> None:
        original = self.still()
        store_still(self.loket, form=Form.PLAIN, of=original)
        with pytest.raises(IntegrityError), transaction.atomic():
            store_still(self.loket, form=Form.PLAIN, of=original)

    def test_stills_come_before_clips_which_take_long(self) -> None:
        clip = store_still(self.loket, Kind.EMPTIED_CLIP, data=b"any", polygon=ZONE)
        still = self.still()
        assert list(redaction_jobs.waiting_originals(MORNING)) == [still, clip]

    def test_the_frequent_run_looks_at_the_last_days_only(self) -> None:
        self.still()
        much_later = MORNING + timedelta(days=3)
        assert not redaction_jobs.waiting_originals(much_later, much_later - redaction_jobs.RECENT)
        assert redaction_jobs.waiting_originals(much_later)

    def test_a_run_ends_in_time_for_the_sweep_to_have_its_turn(self) -> None:
        for _ in range(3):
            self.still()
        assert redaction_jobs.make_shown_forms(MORNING, run_s=0.0) == 2

    def test_the_models_are_loaded_once(self) -> None:
        self.still()
        redaction_jobs.make_shown_forms(MORNING)
        self.still(Kind.END)
        with patch.object(faces, "Faces", side_effect=AssertionError("loaded again")):
            assert redaction_jobs.make_shown_forms(LATER) == 2


def test_pages_load_no_model_runtime() -> None:
    """Daphne and beat import these modules; only the worker's task loads MediaPipe."""
    code = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "discipline.settings"
django.setup()
import discipline.asgi, discipline.urls, streams.tasks, discipline.tasks
print(sorted({"mediapipe", "openvino"} & sys.modules.keys()))
"""
    output = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert output == "[]\n"
