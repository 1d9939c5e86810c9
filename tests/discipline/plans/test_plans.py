"""Weekly plans, Ramadan and holidays as pages: which applies and why, previews that then hold, and the history."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from discipline.plans import applying, changes
from discipline.plans import words as plans_words
from discipline.plans.applying import DayKind
from discipline.plans.forms import plan_initial
from discipline.plans.holidays import calendar as holiday_calendar
from discipline.plans.models import PlanChange
from discipline.reports.numbers import rollups
from discipline.reports.numbers.models import DayTally
from discipline.reports.numbers.places import Level, OrgUnit
from discipline.staffing.models import Recount
from offices.hours.models import Closure, HolidayOverride, HoursPlan
from offices.hours.schedule import Schedule, local_day
from tests.support.attendance import staffed
from tests.support.base import OfficeTestCase
from tests.support.clock import noon_today, stopped_clock, wib

NOW = noon_today()
TODAY = local_day(NOW)
stopped = stopped_clock(NOW)
DAY = TODAY - timedelta(days=4)
HOUR = 3600
CITY = OrgUnit(Level.CITY)
WEEK = dict.fromkeys(HoursPlan.DAYS, "08:00-12:00,13:00-15:00")


class Plans(OfficeTestCase):
    city: HoursPlan

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        HoursPlan.objects.update(on_holidays=True)  # the test may run on a holiday
        cls.city = HoursPlan.objects.get()
        for counter in (cls.world.counter(cls.world.ilir35), cls.world.counter(cls.world.ulu34)):
            for n in range(4):
                staffed(counter, DAY + timedelta(days=n), late_to="08:30" if n == 1 else "")
        rollups.rebuild_days(DAY, TODAY, NOW)

    def setUp(self) -> None:
        self.client.force_login(self.world.ani)

    def form(self, plan: HoursPlan | None = None, **more: Any) -> dict[str, Any]:
        """Return the form of a plan as the browser sends it."""
        values = plan_initial(plan or self.city, TODAY + timedelta(days=1)) | {"reason": "Menurut surat edaran"} | more
        sent = {
            name: value for name, value in values.items() if value is not None and value is not False and value != ""
        }
        return {name: plans_words.minute(value) if name[0] == "d" else str(value) for name, value in sent.items()}

    def closing_at_two(self) -> dict[str, Any]:
        return {f"d{day}_closes": 14 * 60 for day in range(7)}


class Changing(Plans):
    def test_from_a_day_on_the_old_plan_ends_the_day_before_and_the_past_stays(self) -> None:
        before = list(DayTally.objects.order_by("pk").values())
        start = TODAY + timedelta(days=10)
        path = reverse("plan-change", args=[self.city.pk])
        answer = self.client.post(path, self.form(from_day=start, **self.closing_at_two()))
        assert answer.status_code == 302
        old, new = HoursPlan.objects.order_by("pk")
        assert (old.pk, old.valid_to, old.monday) == (self.city.pk, start - timedelta(days=1), self.city.monday)
        assert (new.valid_from, new.valid_to, new.monday) == (start, None, "07:30-12:00,13:00-14:00")
        assert not Recount.objects.exists()
        rollups.rebuild_days(DAY, TODAY, NOW)
        assert list(DayTally.objects.order_by("pk").values()) == before
        assert [change.act for change in PlanChange.objects.order_by("pk")] == ["changed", "added"]

    def test_correcting_the_past_is_shown_first_then_kept_exactly_so(self) -> None:
        path = reverse("plan-change", args=[self.city.pk])
        form = self.form(mode="whole", **self.closing_at_two())
        shown = self.client.post(path, form)
        self.assertContains(shown, "Yang akan berubah pada masa lalu")
        self.city.refresh_from_db()
        assert self.city.monday == "07:30-12:00,13:00-16:00"
        assert not PlanChange.objects.exists()
        effect = shown.context["effect"]
        assert self.client.post(path, form | {"sealed": shown.context["seal"]}).status_code == 302
        rollups.recount_marked(NOW)
        days = DayTally.objects.filter(day__gte=DAY, day__lt=TODAY)
        kept = changes._sums(days)
        change = PlanChange.objects.get()
        assert change.before
        assert change.after
        assert (change.before["monday"], change.after["monday"]) == (self.city.monday, "07:30-12:00,13:00-14:00")
        assert kept.duty_s == sum(5.5 * HOUR for _ in days)
        today = changes._sums(DayTally.objects.filter(day=TODAY))
        assert effect.after.duty_s in (kept.duty_s, kept.duty_s + today.duty_s)  # today counts if it differs
        assert change.effect["after"]["duty_s"] == effect.after.duty_s
        self.assertContains(self.client.get(reverse("hours-history")), "Menurut surat edaran")

    def test_a_plan_that_has_not_begun_is_corrected_as_it_is(self) -> None:
        start = TODAY + timedelta(days=20)
        plan = HoursPlan.objects.create(name="Ramadan", priority=10, valid_from=start, **WEEK)
        path = reverse("plan-change", args=[plan.pk])
        assert self.client.get(path).context["form"]["mode"].value() == "whole"
        assert self.client.post(path, self.form(plan, d0_closes=15 * 60 + 30)).status_code == 302
        plan.refresh_from_db()
        assert plan.monday == "08:00-12:00,13:00-15:30"
        refused = self.client.post(path, self.form(plan, mode="anew", from_day=start))
        self.assertContains(refused, "Perbaiki seluruhnya.", status_code=422)

    def test_a_change_of_words_only_touches_no_number(self) -> None:
        row = HoursPlan.objects.get()
        row.source = "Perpres 21/2023"
        found = changes.apply_work(changes.save_work(row), self.world.ani.pk, "Dasar dilengkapi", NOW)
        assert found.effect.first is None
        assert not Recount.objects.exists()

    def test_too_many_days_are_cut_off_with_a_note(self) -> None:
        row = HoursPlan.objects.get()
        row.monday = ""
        most, changes.MOST_COUNTER_DAYS = changes.MOST_COUNTER_DAYS, 8
        try:
            found = changes.preview_effect(changes.save_work(row), NOW)
        finally:
            changes.MOST_COUNTER_DAYS = most
        assert found.cut
        assert found.shown_from == TODAY

    def test_each_place_can_have_a_plan_of_its_own_that_wins_there(self) -> None:
        ilir = self.world.ilir35
        counter = self.world.counter(ilir)
        start = TODAY + timedelta(days=30)
        keys = ("kota", ilir.kecamatan.code, ilir.code, f"loket-{counter.pk}")
        for closeness, key in enumerate(keys):
            form = self.form(name=f"Jam {key}", valid_from=start, priority=int(key == "kota"))
            assert self.client.post(reverse("plan-add", args=[key]), form).status_code == 302
            assert HoursPlan.objects.get(name=f"Jam {key}").closeness == closeness
            assert Schedule().basis(counter.pk, start).plan == HoursPlan.objects.get(name=f"Jam {key}")
        page = self.client.get(reverse("hours-place", args=[keys[3]]), {"tanggal": str(start)})
        assert [line.plan.name for line in page.context["others"]][:3] == [f"Jam {key}" for key in keys[2::-1]]

    def test_a_plan_that_overlaps_is_refused_with_the_way_to_the_other(self) -> None:
        answer = self.client.post(reverse("plan-add", args=["kota"]), self.form(name="Jam baru"))
        self.assertContains(answer, "Sudah ada jam layanan untuk lingkup, prioritas, dan tanggal ini.", status_code=422)
        self.assertContains(answer, reverse("plan-change", args=[self.city.pk]), status_code=422)

    def test_a_break_outside_the_hours_is_refused_in_words_at_its_day(self) -> None:
        form = self.form(name="Jam baru", d2_from0=16 * 60 + 30, d2_to0=17 * 60)
        answer = self.client.post(reverse("plan-add", args=[self.world.ilir35.code]), form)
        self.assertContains(answer, "Istirahat berada di luar jam layanan hari itu.", count=1, status_code=422)

    def test_dates_backwards_and_an_empty_week_are_refused_in_words(self) -> None:
        path = reverse("plan-add", args=[self.world.ilir35.code])
        form = self.form(name="Jam baru", valid_from="2027-03-01", valid_to="2027-02-01")
        self.assertContains(self.client.post(path, form), "mendahului tanggal awal", status_code=422)
        bare = {name: value for name, value in self.form(name="Jam baru").items() if not name.startswith("d")}
        self.assertContains(self.client.post(path, bare), "sedikitnya satu hari", status_code=422)

    def test_ramadan_is_entered_with_its_dates_and_source(self) -> None:
        path = reverse("plan-ramadan")
        page = self.client.get(path)
        self.assertContains(page, 'value="15.00"')
        self.assertContains(page, "sistem tidak menghitungnya")
        form = self.form(HoursPlan(name="Jam kerja Ramadan", priority=10, **WEEK))
        self.assertContains(self.client.post(path, form), "Belum tersimpan", status_code=422)
        form |= {"valid_from": "2037-10-11", "valid_to": "2037-11-08", "source": "SE 800/1/2037"}
        assert self.client.post(path, form).status_code == 302
        found = HoursPlan.objects.get(priority=10)
        assert (found.closeness, found.valid_from, found.source) == (0, date(2037, 10, 11), "SE 800/1/2037")

    def test_removing_a_plan_shows_what_it_takes_away(self) -> None:
        path = reverse("plan-remove", args=[self.city.pk])
        self.assertContains(self.client.get(path), "hari loket berubah")
        assert self.client.post(path, {"reason": ""}).status_code == 422
        assert HoursPlan.objects.exists()
        assert self.client.post(path, {"reason": "Salah masuk"}).status_code == 302
        assert not HoursPlan.objects.exists()
        change = PlanChange.objects.get()
        assert (change.act, change.after, change.effect["after"]["duty_s"]) == ("removed", None, 0)

    def test_the_administration_leaves_the_same_trace(self) -> None:
        boss = get_user_model().objects.create_superuser("wayan")
        self.client.force_login(boss)
        path = reverse("admin:offices_holidayoverride_add")
        self.client.post(path, {"day": str(DAY), "name": "Libur setempat", "source": "SE 1"})
        change = PlanChange.objects.get()
        assert (change.by, change.what, change.act) == (boss, "holidayoverride", "added")
        assert HolidayOverride.objects.get().entered_by == boss
        assert Recount.objects.filter(first_day=DAY, last_day=DAY, counter=None).exists()
        path = reverse("admin:offices_holidayoverride_delete", args=[HolidayOverride.objects.get().pk])
        self.client.post(path, {"post": "yes"})
        assert PlanChange.objects.filter(act="removed").exists()


class Applying(Plans):
    def test_the_closest_plan_applies_and_the_page_says_why(self) -> None:
        ilir = self.world.ilir35
        HoursPlan.objects.create(name="Jam Ilir Barat II", kecamatan=ilir.kecamatan, **WEEK)
        self.client.force_login(self.world.dewi)
        page = self.client.get(reverse("hours-place", args=[ilir.code]))
        assert page.context["applies"].plan.name == "Jam Ilir Barat II"
        self.assertContains(
            page, "35 Ilir tidak punya aturan sendiri yang berlaku; aturan ini diwarisi dari: Ilir Barat II"
        )
        self.assertContains(page, "Tidak dipakai karena ada aturan yang lebih dekat")
        assert self.client.get(reverse("hours-place", args=["kota"])).context["applies"].plan == self.city
        assert self.client.get(reverse("hours-place", args=[ilir.kecamatan.code])).status_code == 404

    def test_the_page_and_the_judge_agree_on_every_day(self) -> None:
        world, counter = self.world, self.world.counter(self.world.ilir35)
        HoursPlan.objects.create(name="Ramadan", priority=10, valid_from=TODAY, valid_to=TODAY + timedelta(9), **WEEK)
        HoursPlan.objects.create(name="Loket 1", counter=counter, monday="09:00-10:00", friday="09:00-10:00")
        HoursPlan.objects.create(name="Kecamatan", kecamatan=world.ilir35.kecamatan, **WEEK)
        HolidayOverride.objects.create(day=TODAY + timedelta(3), name="Pilkada")
        HolidayOverride.objects.create(day=TODAY + timedelta(60), open=True, name="Layanan khusus")
        start = wib("09:00", TODAY + timedelta(4))
        Closure.objects.create(
            kelurahan=world.ilir35, starts_at=start, ends_at=start + timedelta(hours=1), reason="Apel"
        )
        schedule = Schedule()
        for one in (counter, world.counter(world.ilir35, 2), world.counter(world.ulu5)):
            place = OrgUnit(Level.COUNTER, one)
            for day in applying.day_outlooks(place, TODAY - timedelta(3), TODAY + timedelta(200), TODAY):
                duty = schedule.day(one.pk, day.day)
                assert day.duty == tuple((span.start, span.end) for span in duty.intervals), (one, day.day)
                assert day.why == duty.why

    def test_a_day_that_is_no_working_day_says_why(self) -> None:
        HolidayOverride.objects.create(day=TODAY, name="Pilkada")
        page = self.client.get(reverse("hours-place", args=["kota"]))
        self.assertContains(page, "Hari khusus: <strong>Pilkada</strong>")
        HoursPlan.objects.update(monday="")
        page = self.client.get(reverse("hours-place", args=["kota"]), {"tanggal": "2027-05-03"})
        self.assertContains(page, "Hari Senin tidak ada dalam aturan di bawah.")
        for nonsense in ("0001-01-01", "9999-12-31", "kemarin"):
            assert self.client.get(reverse("hours-place", args=["kota"]), {"tanggal": nonsense}).context["day"] == TODAY

    def test_upcoming_changes_are_grouped_into_ranges_of_days(self) -> None:
        first, last = TODAY + timedelta(20), TODAY + timedelta(40)
        HoursPlan.objects.create(name="Ramadan", priority=10, on_holidays=True, valid_from=first, valid_to=last, **WEEK)
        HolidayOverride.objects.create(day=TODAY + timedelta(3), name="Pilkada")
        changes = [(one.first, one.last, one.kind, one.why) for one in applying.upcoming_changes(CITY, TODAY)]
        assert changes == [
            (TODAY + timedelta(3), TODAY + timedelta(3), DayKind.SPECIAL, "Pilkada"),
            (first, last, DayKind.OTHER, "Ramadan"),
        ]


class Holidays(Plans):
    def test_in_december_missing_shared_leave_of_the_next_year_is_reported(self) -> None:
        assert holiday_calendar.year_without_leave(date(2026, 12, 31)) is None  # 2027 has been decreed
        HolidayOverride.objects.create(day=date(2098, 12, 26), name="Cuti Bersama Natal")
        assert holiday_calendar.year_without_leave(date(2098, 11, 30)) is None
        assert holiday_calendar.year_without_leave(date(2098, 12, 1)) == 2099
        assert holiday_calendar.year_without_leave(date(2099, 3, 1)) == 2099  # not entered yet
        HolidayOverride.objects.create(day=date(2099, 12, 26), name="Cuti Bersama Natal")
        assert holiday_calendar.year_without_leave(date(2099, 3, 1)) is None
        page = self.client.get("/jam-layanan/hari-libur/?tahun=2090")
        self.assertContains(page, "Kalender 2090 belum memuat cuti bersama.")

    def test_a_special_day_of_the_past_is_shown_before_it_is_kept(self) -> None:
        form = {"day": str(DAY), "name": "Libur setempat", "source": "SE 800/2/2026"}
        shown = self.client.post("/jam-layanan/hari-libur/tambah/", form)
        assert shown.context["effect"].changed == 2  # counters with duty on that day
        assert not HolidayOverride.objects.exists()
        self.client.post("/jam-layanan/hari-libur/tambah/", form | {"sealed": shown.context["seal"]})
        assert HolidayOverride.objects.get().entered_by == self.world.ani
        rollups.recount_marked(NOW)
        assert not DayTally.objects.filter(day=DAY, duty_s__gt=0).exists()

    def test_the_source_is_asked_for(self) -> None:
        answer = self.client.post("/jam-layanan/hari-libur/tambah/", {"day": "2037-05-05", "name": "Libur"})
        assert answer.status_code == 422
        assert "source" in answer.context["form"].errors
