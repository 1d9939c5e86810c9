"""The sample in the database: its draw, its clips, who judges them, what is shown of it and when it is deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from discipline.spotchecks.models import Finding
from discipline.spotchecks.sample import drawing, hiding, judging, keeping
from discipline.spotchecks.sample.items_rule import ConductItem
from discipline.spotchecks.sample.judging import JudgingRefused
from discipline.spotchecks.sample.models import ClipFilm, ConductJudgement, CounterClip, SampleRule, WeekDraw
from discipline.spotchecks.sample.result import LEAST_CLIPS, sample_result
from discipline.staffing.models import Flip, StandingState
from offices.access.gate import scope_of
from offices.access.models import FileAccess, Membership
from offices.hours.schedule import local_day
from streams.evidence.redaction.clip import _pictures
from streams.looks.visits.clips import TakenClip
from tests.support.base import MORNING, member
from tests.support.conduct import ALL_NO, BASIS, drawn, filmed_clip, sample_rule, seconds_at_the_counter
from tests.support.rounds import CheckCase

Outcome = CounterClip.Outcome
pytestmark = pytest.mark.once


class Draw(CheckCase):
    def test_a_week_is_drawn_once_and_repeats_from_its_seed(self) -> None:
        sample_rule(self.world.intan, local_day(MORNING))
        draw = drawing.draw_week(MORNING)
        assert draw is not None
        assert drawing.draw_week(MORNING + timedelta(hours=1)) is None
        assert draw.clips.count() == 4 * 3
        assert draw.clips.filter(wanted_from__gte=MORNING, wanted_until__lte=MORNING + timedelta(days=7)).count() == 12
        assert {clip.counter.kelurahan_id for clip in draw.clips.select_related("counter")} == set(self.world.counters)
        draw = WeekDraw.objects.get()
        assert drawing.repeats(draw)
        first = draw.clips.first()
        assert first is not None
        CounterClip.objects.filter(pk=first.pk).update(wanted_from=first.wanted_from - timedelta(seconds=60))
        assert not drawing.repeats(draw)

    def test_without_a_rule_or_with_none_wanted_nothing_is_drawn(self) -> None:
        assert drawing.draw_week(MORNING) is None
        sample_rule(self.world.intan, local_day(MORNING) + timedelta(days=1))
        assert drawing.draw_week(MORNING) is None
        sample_rule(self.world.intan, local_day(MORNING), per_office=0)
        assert drawing.draw_week(MORNING) is None

    def test_rules_draws_and_judgements_are_never_changed(self) -> None:
        draw = drawn(self.world.intan, MORNING)
        clip = filmed_clip(draw.clips.all()[0], MORNING)
        judging.judge(self.world.intan, clip.uuid, True, ALL_NO, MORNING)
        for rows in (SampleRule.objects, WeekDraw.objects, ConductJudgement.objects):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                rows.all()._raw_delete("default")

    def test_the_inspectorate_alone_sets_the_rule(self) -> None:
        today = local_day(timezone.now())
        numbers = {"per_office": 2, "wait_minutes": 10, "second_percent": 20, "keep_days": 14, "keep_judged_days": 3}
        for who, status in (("ani", 403), ("walikota", 403), ("intan", 302)):
            self.client.force_login(getattr(self.world, who))
            sent = numbers | {"since": today, "basis": BASIS}
            assert self.client.post(reverse("conduct-rule-add"), sent).status_code == status
        wrong = numbers | {"since": today - timedelta(days=1), "basis": "SE", "keep_days": 300}
        answer = self.client.post(reverse("conduct-rule-add"), wrong)
        assert answer.status_code == 422
        assert answer.content.decode().count("field-error") == 3
        assert SampleRule.objects.get().per_office == 2


class Keeping(CheckCase):
    def setUp(self) -> None:
        super().setUp()
        self.draw = drawn(self.world.intan, MORNING)
        self.clip = self.draw.clips.all()[0]

    def take(self, clip: CounterClip) -> None:
        keeping.store_clip(TakenClip(clip.pk, clip.wanted_from, seconds_at_the_counter(), ()))

    def test_a_clip_is_wanted_from_its_moment_until_it_is_taken(self) -> None:
        camera, at = self.clip.camera_id or 0, self.clip.wanted_from
        assert [one.key for one in keeping.wanted_clips([camera], at)] == [self.clip.pk]
        assert not keeping.wanted_clips([camera], at - timedelta(minutes=1))
        assert not keeping.wanted_clips([camera + 1000], at)
        self.take(self.clip)
        self.take(self.clip)
        assert ClipFilm.objects.count() == 1
        assert not keeping.wanted_clips([camera], at)

    def test_without_a_clip_the_ledger_says_why(self) -> None:
        staffed, empty, unseen, nothing = self.draw.clips.order_by("counter_id", "number").distinct("counter_id")
        for clip, state in (
            (staffed, StandingState.STAFFED),
            (empty, StandingState.ABSENT),
            (unseen, StandingState.UNKNOWN),
        ):
            at = clip.wanted_from + timedelta(seconds=1)
            Flip.objects.create(counter=clip.counter, at=at, since=at, noticed_at=at, old="closed", new=state)
        assert keeping.close_past(self.draw.made_at) == 0
        keeping.close_past(MORNING + timedelta(days=8))
        found = [CounterClip.objects.get(pk=one.pk).outcome for one in (staffed, empty, unseen)]
        assert found == [Outcome.NO_VISITOR, Outcome.EMPTY, Outcome.UNSEEN]
        assert not CounterClip.objects.filter(outcome=Outcome.WAITING).exists()
        self.take(nothing)
        assert not ClipFilm.objects.exists()

    def test_judged_clips_are_deleted_first_and_what_was_judged_stays(self) -> None:
        judged, waiting = (filmed_clip(one, MORNING) for one in self.draw.clips.all()[:2])
        for who in (self.world.intan, member("indah", Membership.Role.INSPECTOR)):
            if judged in judging.waiting_for(who):
                judging.judge(who, judged.uuid, True, ALL_NO, MORNING)
        assert keeping.delete_old(MORNING + timedelta(days=2)) == 0
        assert keeping.delete_old(MORNING + timedelta(days=4)) == 1
        assert ClipFilm.objects.get().clip == waiting
        assert keeping.delete_old(MORNING + timedelta(days=15)) == 1
        assert (ClipFilm.objects.count(), ConductJudgement.objects.exists()) == (0, True)

    def test_what_is_shown_hides_the_heads_and_the_strips_and_the_original_goes(self) -> None:
        filmed_clip(self.clip, MORNING, shown=False)
        assert hiding.hide_in_clips(MORNING) == 1
        film = ClipFilm.objects.get()
        assert film.original is None
        (_, before), (_, after) = (
            next(iter(_pictures(data))) for data in (seconds_at_the_counter(), bytes(film.shown or b""))
        )
        strip = slice(0, 20)
        assert abs(after[strip].astype(int) - before[strip].astype(int)).max() > 20

    def test_a_broken_film_waits_and_stops_no_other(self) -> None:
        broken, good = (filmed_clip(one, MORNING, shown=False) for one in self.draw.clips.all()[:2])
        ClipFilm.objects.filter(clip=broken).update(original=b"tidak ada")
        assert [hiding.hide_in_clips(MORNING) for _ in range(3)] == [0, 1, 0]
        assert "UnreadableOriginal" in ClipFilm.objects.get(clip=broken).why
        assert ClipFilm.objects.get(clip=good).shown


class Judging(CheckCase):
    def setUp(self) -> None:
        super().setUp()
        self.indah = member("indah", Membership.Role.INSPECTOR)
        self.rani = member("rani", Membership.Role.INSPECTOR)

    def clips(self, second_percent: int) -> list[CounterClip]:
        draw = drawn(self.world.intan, self.now, second_percent=second_percent)
        return [filmed_clip(one, self.now) for one in draw.clips.all()]

    def post(self, name: str, *args: Any, **form: str) -> Any:
        return self.client.post(reverse(name, args=args), form, follow=True)

    def test_a_clip_waits_for_one_checker_or_for_two(self) -> None:
        (clip, *_) = self.clips(0)
        judging.judge(self.world.intan, clip.uuid, True, ALL_NO, self.now)
        for who in (self.world.intan, self.indah):
            assert clip not in judging.waiting_for(who)
            with pytest.raises(JudgingRefused):
                judging.judge(who, clip.uuid, True, ALL_NO, self.now)

    def test_the_second_checker_is_another_and_the_third_is_not_asked(self) -> None:
        (clip, *_) = self.clips(100)
        judging.judge(self.world.intan, clip.uuid, True, ALL_NO, self.now)
        assert clip not in judging.waiting_for(self.world.intan)
        judging.judge(self.indah, clip.uuid, True, ALL_NO | {"phone": "yes"}, self.now)
        assert clip not in judging.waiting_for(self.rani)
        found = sample_result(scope_of(self.world.intan), ConductItem.PHONE, local_day(self.now))
        assert (found.agreement.both, found.agreement.one, found.agreement.none) == (0, 1, 4)
        assert {one.item: one.rate.seen for one in found.items}[ConductItem.PHONE] == 0  # the first counts

    def test_undone_it_waits_again_for_ten_minutes(self) -> None:
        self.clips(0)
        line = judging.waiting_for(self.world.intan)
        judging.judge(self.world.intan, line[0].uuid, False, {}, self.now)
        with pytest.raises(JudgingRefused):
            judging.undo(self.world.intan, self.now + timedelta(minutes=11))
        judging.undo(self.world.intan, self.now)
        assert judging.waiting_for(self.world.intan) == line
        with pytest.raises(JudgingRefused):
            judging.undo(self.world.intan, self.now)

    def test_nobody_judges_the_own_office(self) -> None:
        self.clips(0)
        Membership.objects.create(user=self.indah, role=Membership.Role.LURAH, kelurahan=self.world.ilir35)
        offices = {clip.counter.kelurahan_id for clip in judging.waiting_for(self.indah)}
        assert offices == set(self.world.counters) - {self.world.ilir35.pk}

    def test_the_page_says_nothing_of_the_place(self) -> None:
        self.clips(0)
        page = self.page("intan", "conduct-judge").content.decode()
        for office in self.world.offices.values():
            assert office.name not in page
            assert office.code not in page
        assert "Loket 1" not in page

    def test_answers_must_be_complete_and_refusals_lose_nothing(self) -> None:
        self.clips(0)
        clip = judging.waiting_for(self.world.intan)[0]
        self.client.force_login(self.world.intan)
        for form in (
            {"usable": "yes"},
            {"usable": "yes", "eating": "no"},
            {},
            {"usable": "yes", **ALL_NO, "eating": "x"},
        ):
            assert "Jawab semua butir" in self.post("conduct-judge-clip", clip.uuid, **form).content.decode()
        assert not ConductJudgement.objects.exists()
        self.post("conduct-judge-clip", clip.uuid, usable="yes", **ALL_NO)
        again = self.post("conduct-judge-clip", clip.uuid, usable="no").content.decode()
        assert "tidak menunggu penilaian Anda lagi" in again
        assert "diurungkan" in self.post("conduct-undo").content.decode()
        assert ConductJudgement.objects.count() == 2

    def test_films_are_the_inspectorates_and_each_opening_is_logged(self) -> None:
        (clip, *_) = self.clips(0)
        expected = {"intan": 200, "walikota": 404, "ani": 404, "budi": 404, "dewi": 404}
        assert {who: self.page(who, "conduct-clip", clip.uuid).status_code for who in expected} == expected
        logged = FileAccess.objects.get(kind=FileAccess.Kind.COUNTER_CLIP)
        assert (logged.user, logged.key) == (self.world.intan, str(clip.uuid))
        self.client.force_login(self.world.intan)
        part = self.client.get(reverse("conduct-clip", args=[clip.uuid]), headers={"range": "bytes=0-9"})
        assert (part.status_code, len(part.content)) == (206, 10)


class Results(CheckCase):
    def test_rates_are_of_the_city_and_of_kecamatan_with_enough_clips_never_of_an_office(self) -> None:
        draw = drawn(self.world.intan, self.now, per_office=20, second_percent=0)
        for number, clip in enumerate(draw.clips.select_related("counter__kelurahan")):
            filmed_clip(clip, self.now)
            eating = "yes" if number % 10 == 0 else "unsure" if number % 10 == 1 else "no"
            judging.judge(self.world.intan, clip.uuid, True, ALL_NO | {"eating": eating}, self.now)
        found = sample_result(scope_of(self.world.walikota), ConductItem.EATING, local_day(self.now))
        eating_rate = found.items[0]
        assert (found.judged, eating_rate.rate.seen, eating_rate.rate.judged, eating_rate.unsure) == (80, 8, 72, 8)
        # Two offices have a camera with a zone in each kecamatan: a rate of theirs would nearly be an office's.
        assert [(one.clips > LEAST_CLIPS, one.offices, one.rate) for one in found.areas] == [(True, 2, None)] * 2
        assert [
            one.name for one in sample_result(scope_of(self.world.dewi), ConductItem.EATING, local_day(self.now)).areas
        ] == ["Ilir Barat II"]
        page = self.page("budi", "conduct-sample").content.decode()
        assert "Ilir Barat II" in page
        for name in ("Seberang Ulu I", "35 Ilir", "Loket 1", draw.drawn["seed"]):
            assert name not in page


class SpotCheckItems(CheckCase):
    def test_items_and_clip_of_a_marked_office_go_with_its_finding(self) -> None:
        round_ = self.mayor(self.world.ilir35)
        round_.mark(1, "conduct")
        round_.mark(1, "conduct")
        round_.say("items", 1, text="eating,asleep,angry")
        clip = CounterClip.objects.get()
        assert clip.stop
        assert (clip.stop.items, clip.counter) == (["eating", "asleep"], self.world.counter(self.world.ilir35))
        (wanted,) = keeping.wanted_clips([clip.camera_id or 0], timezone.now())
        assert not wanted.visitor
        filmed_clip(clip, timezone.now())
        assert self.page("dewi", "conduct-clip", clip.uuid).status_code == 404  # nobody is warned
        round_.finish()
        found = Finding.objects.get()
        page = self.page("dewi", "finding", found.pk).content.decode()
        assert reverse("conduct-clip", args=[clip.uuid]) in page
        assert "Makan saat melayani" in page
        assert "Tertidur" in page
        statuses = {
            who: self.page(who, "conduct-clip", clip.uuid).status_code for who in ("dewi", "eko", "budi", "citra")
        }
        assert statuses == {"dewi": 200, "eko": 404, "budi": 200, "citra": 404}
        assert clip not in judging.shown_clips()  # it is no part of the sample
        assert keeping.delete_old(timezone.now() + timedelta(days=400)) == 0  # the finding is open

    def test_the_clip_goes_when_the_mark_was_changed(self) -> None:
        round_ = self.mayor(self.world.ilir35)
        round_.mark(1, "conduct")
        filmed_clip(CounterClip.objects.get(), timezone.now())
        round_.mark(1, "orderly")
        assert keeping.delete_old(timezone.now()) == 0
        round_.finish()
        assert keeping.delete_old(timezone.now()) == 1
