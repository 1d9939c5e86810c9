"""The queue of the room: what is in it, in which order, and who owns each item."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import TransactionTestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from discipline.complaints.state_rule import ComplaintState
from discipline.core.websocket_routes import reverse_websocket
from discipline.incidents.models import Incident, IncidentSource, Priority
from discipline.incidents.queue import claims, gathering, reminders
from discipline.incidents.queue.acting import newest_step
from discipline.incidents.queue.claims import TakenAlready
from discipline.incidents.queue.items_rule import ItemKind, QueueAct, QueueItem, in_order, parse_key
from discipline.incidents.shifts.changes import begin, join
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.steps import StepWanted, take_step
from discipline.incidents.tasks import changes
from discipline.notices.models import Delivery
from offices.access.gate import Scope
from offices.access.models import Membership
from offices.places.models import Agency
from streams.cameras.troubles.models import CameraTrouble
from streams.looks.streets.models import StreetHint
from tests.support.base import MORNING, OfficeTestCase, World, member
from tests.support.complaints import a_complaint, move
from tests.support.incidents import an_incident, incident_type
from tests.support.places import camera_at, street_point
from tests.support.sockets import BrowserSocket, open_socket

HTMX = {"HX-Request": "true"}
ITEMS = st.builds(
    QueueItem,
    kind=st.sampled_from(ItemKind),
    id=st.integers(1, 9),
    priority=st.integers(1, 4),
    since=st.integers(0, 90).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
    title=st.just("t"),
    place=st.just("p"),
    state=st.just("s"),
    url=st.just("/"),
    owner=st.sampled_from(["", "Ani"]),
)


@given(st.lists(ITEMS, max_size=9))
def test_the_most_urgent_come_first_and_of_those_what_nobody_owns_and_the_oldest(items: list[QueueItem]) -> None:
    now = MORNING + timedelta(minutes=60)
    ordered = in_order(items, now)
    assert sorted(map(id, ordered)) == sorted(map(id, items))
    for one, other in pairwise(ordered):
        assert one.priority <= other.priority or one.waits_too_long(now)
        if one.priority == other.priority and bool(one.owner) == bool(other.owner):
            assert one.since <= other.since
        if one.priority == other.priority and one.owner:
            assert other.owner


def test_an_item_that_waits_too_long_comes_before_more_urgent_ones_that_somebody_owns() -> None:
    now = MORNING + timedelta(minutes=20)

    def item(number: int, priority: int, minutes: int, owner: str = "") -> QueueItem:
        return QueueItem(ItemKind.HINT, number, priority, now - timedelta(minutes=minutes), "t", "p", "s", "/", owner)

    items = [item(1, 2, 9, "Ani"), item(2, 2, 1), item(3, 3, 16), item(4, 3, 14), item(5, 1, 1, "Ani"), item(6, 4, 59)]
    assert [one.id for one in in_order(items, now)] == [5, 2, 3, 1, 4, 6]


@given(st.text(max_size=12))
def test_a_key_that_is_none_is_refused(text: str) -> None:
    parsed = parse_key(text)
    kind, _colon, number = text.partition(":")
    assert parsed is None or parsed == (ItemKind(kind), int(number))


class Queue(OfficeTestCase):
    def keys(self) -> list[str]:
        return [item.key for item in gathering.gather(MORNING + timedelta(minutes=30))]

    def test_it_holds_what_waits_for_the_room_the_most_urgent_first(self) -> None:
        flood = an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:1", priority=1)
        changes_of = an_incident(self.world)
        task = changes.ask(changes_of, self.world.ilir35, "Periksa", self.world.ani, MORNING)  # accept in 10 minutes
        camera = camera_at(street_point())
        hint = StreetHint.objects.create(camera=camera, kind="water", level="betis", started_at=MORNING)
        trouble = CameraTrouble.objects.create(camera=camera, cause="refused", since=MORNING)
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        assert self.keys() == [
            f"incident:{flood.pk}",
            f"task:{task.pk}",
            f"indication:{alert.pk}",
            f"hint:{hint.pk}",
            f"camera:{trouble.pk}",
        ]

    def test_taking_a_new_incident_accepts_it_and_another_is_told_by_whom(self) -> None:
        flood = an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:1")
        claims.take(f"incident:{flood.pk}", self.world.ani, MORNING)
        claims.take(f"incident:{flood.pk}", self.world.ani, MORNING)  # again: nothing happens
        flood.refresh_from_db()
        assert (flood.status, flood.owner) == (IncidentState.ACKNOWLEDGED, self.world.ani)
        with pytest.raises(TakenAlready, match="ani"):
            claims.take(f"incident:{flood.pk}", self.world.walikota, MORNING)

    def test_an_item_that_was_taken_can_be_given_back_by_its_owner_only(self) -> None:
        self.world.accuse(self.world.counter(self.world.ilir35))
        (item,) = gathering.gather(MORNING)
        claims.take(item.key, self.world.ani, MORNING)
        claims.give_back(item.key, self.world.walikota)
        assert gathering.gather(MORNING)[0].owner == "ani"
        claims.give_back(item.key, self.world.ani)
        assert gathering.gather(MORNING)[0].owner == ""

    def test_a_residents_report_waits_in_it_and_a_private_one_for_the_inspectorate_alone(self) -> None:
        sent = a_complaint(self.world)
        private = a_complaint(self.world, "corruption")
        (item,) = gathering.gather(MORNING)
        assert (item.key, item.url) == (f"report:{sent.pk}", reverse("complaint", args=[sent.pk]))
        assert (item.priority, item.since) == (incident_type("service").priority, MORNING)
        late = gathering.gather(MORNING + timedelta(days=30), Scope(city=True, inspects=True))
        assert {one.key for one in late} == {f"report:{sent.pk}", f"report:{private.pk}"}
        assert {one.priority for one in late} == {Priority.HIGH}
        self.client.force_login(self.world.ani)
        assert self.take(f"report:{private.pk}").status_code == 409
        assert self.take(f"report:{sent.pk}").status_code == 204
        assert gathering.gather(MORNING)[0].owner == "ani"
        move(sent, ComplaintState.VERIFIED, self.world)
        assert not gathering.gather(MORNING)

    def take(self, key: str) -> Any:
        return self.client.post(reverse("queue-take"), {"key": key}, headers=HTMX)

    def act(self, key: str, what: QueueAct, **data: Any) -> Any:
        """Open the form as the page's script does, and send it."""
        address = f"{reverse('queue-act')}?key={key}&buat={what}"
        shown = self.client.get(address, headers=HTMX)
        if shown.status_code != 200:
            return shown
        seen = shown.context["form"].initial
        return self.client.post(address, seen | data, headers=HTMX)

    def test_each_act_does_what_its_page_does_and_only_where_the_state_allows_it(self) -> None:
        self.client.force_login(self.world.ani)
        Agency.objects.get_or_create(code="dishub", defaults={"name": "Dinas Perhubungan"})
        flood = an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:1")
        key = f"incident:{flood.pk}"
        assert self.act(key, QueueAct.TASK).status_code == 404  # nobody has acknowledged it
        claims.take(key, self.world.ani, MORNING)
        assert self.act(key, QueueAct.TASK, who="dishub").status_code == 422
        assert self.act(key, QueueAct.TASK, who="dishub", instruction="Alihkan arus").status_code == 200
        assert flood.tasks.get().instruction == "Alihkan arus"
        other = an_incident(self.world)
        merged = self.act(f"incident:{other.pk}", QueueAct.MERGE, duplicate_of=flood.number)
        self.assertContains(merged, f"{other.number} digabungkan ke {flood.number}.")
        third = an_incident(self.world, latitude=-2.95)
        assert self.act(f"incident:{third.pk}", QueueAct.NO_INCIDENT).status_code == 422  # without a reason
        assert self.act(f"incident:{third.pk}", QueueAct.NO_INCIDENT, text="Genangan biasa").status_code == 200
        assert [*Incident.objects.order_by("pk").values_list("state", flat=True)] == [
            "tasked",
            "duplicate",
            "unfounded",
        ]
        hint = StreetHint.objects.create(
            camera=camera_at(street_point()), kind="water", level="betis", started_at=timezone.now()
        )
        for refusal, text in (("", ""), ("dull", "x"), ("other", " ")):
            assert self.act(f"hint:{hint.pk}", QueueAct.NO_INCIDENT, refusal=refusal, text=text).status_code == 422
        done = self.act(f"hint:{hint.pk}", QueueAct.NO_INCIDENT, refusal="light", text="lampu toko")
        assert done.status_code == 200
        hint.refresh_from_db()
        assert (hint.decision, hint.decided_by, hint.refusal) == ("no", self.world.ani, "light")
        self.assertContains(self.client.get(reverse("hints")), "lensa kotor: lampu toko")
        self.client.post(reverse("hint-decide", args=[hint.pk]), {"decision": ""})
        hint.refresh_from_db()
        assert (hint.decision, hint.refusal, hint.refusal_text) == ("", "", "")

    def test_an_incident_that_is_opened_from_an_item_waits_instead_of_it(self) -> None:
        hint = StreetHint.objects.create(
            camera=camera_at(street_point()), kind="water", level="betis", started_at=timezone.now()
        )
        self.world.accuse(self.world.counter(self.world.ilir35))
        self.client.force_login(self.world.ani)
        items = [one for one in gathering.gather(timezone.now()) if QueueAct.OPEN in one.may]
        assert {one.kind for one in items} == {ItemKind.HINT, ItemKind.INDICATION}
        for item in items:
            start = self.client.get(item.opens).context["form"].initial
            sent = start | {"kind": start["kind"], "happened_at": "2026-11-23T09:00"}
            assert self.client.post(item.opens, sent).status_code == 302, item
        hint.refresh_from_db()
        assert (hint.decision, hint.decided_by) == ("yes", self.world.ani)
        assert {one.kind for one in gathering.gather(timezone.now())} == {ItemKind.INCIDENT}

    def test_the_spotlight_leads_to_a_wall_with_the_nearest_cameras(self) -> None:
        point = street_point()
        camera_at(point)
        near = an_incident(self.world, latitude=point.latitude, longitude=point.longitude)
        far = an_incident(self.world, latitude=-2.9, longitude=104.7)
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        self.client.force_login(self.world.ani)
        may = {item.key: QueueAct.SPOTLIGHT in item.may for item in gathering.gather(MORNING)}
        assert may == {f"incident:{near.pk}": True, f"incident:{far.pk}": False, f"indication:{alert.pk}": True}
        shown = self.client.get(f"{reverse('queue-spotlight')}?key=incident:{near.pk}", follow=True)
        assert shown.redirect_chain[0][0] == f"{reverse('wall')}?titik={point.code}&lihat=titik"
        assert [row["code"] for row in shown.context["points"]] == [point.code]
        office = self.client.get(f"{reverse('queue-spotlight')}?key=indication:{alert.pk}", follow=True)
        assert [row["code"] for row in office.context["rows"]] == [self.world.ilir35.code]
        none = self.client.get(f"{reverse('queue-spotlight')}?key=incident:{far.pk}", follow=True)
        self.assertContains(none, "Tidak ada kamera di dekatnya.")

    def test_the_operators_on_duty_are_told_once_of_what_nobody_took_in_time(self) -> None:
        bayu, idle = member("bayu", Membership.Role.OPERATOR), member("joko", Membership.Role.OPERATOR)
        for person in (bayu, idle):
            person.email = f"{person.username}@kota.example"
            person.save()
        flood = an_incident(self.world, source=IncidentSource.SYSTEM, source_key="112:1", priority=1)
        hint = StreetHint.objects.create(
            camera=camera_at(street_point()), kind="water", level="betis", started_at=MORNING
        )
        begin("Regu A", None, bayu, MORNING)
        assert reminders.remind(MORNING + timedelta(minutes=2)) == 0
        assert reminders.remind(MORNING + timedelta(minutes=3)) == 1
        told = Delivery.objects.filter(kind="queue")
        assert {(row.user, row.url) for row in told} == {(bayu, reverse("queue"))}
        assert flood.number in told[0].body
        assert reminders.remind(MORNING + timedelta(minutes=16)) == 1  # the hint; the flood was told of
        assert told.filter(subject_key=f"queue:hint:{hint.pk}").exists()
        claims.take(f"incident:{flood.pk}", bayu, MORNING)
        assert reminders.remind(MORNING + timedelta(minutes=20)) == 0

    def test_the_load_counts_what_has_left_the_queue_for_each_operator_on_duty(self) -> None:
        now = timezone.now()
        for number in range(3):
            flood = an_incident(self.world, source_key=f"test:{number}")
            take_step(flood, StepWanted(IncidentState.UNFOUNDED, newest_step(flood), "bukan"), self.world.ani, now)
        Incident.objects.update(opened_at=now)
        begin("Regu A", None, self.world.ani, now)
        join(None, member("bayu", Membership.Role.OPERATOR), now)
        self.client.force_login(self.world.ani)
        shown = self.client.get(reverse("queue"))
        assert (shown.context["load"], shown.context["heavy"], shown.context["number"]) == (1.5, False, 0)
        self.assertContains(shown, "EEMUA 191")


class QueueSocket(TransactionTestCase):
    async def test_open_queues_get_the_rows_of_each_change_in_their_language(self) -> None:
        world = await sync_to_async(World)()
        address = reverse_websocket("queue")
        async with (
            open_socket(world.ani, f"{address}?bahasa=id") as all_items,
            open_socket(world.ani, f"{address}?bahasa=en&jenis=hint") as hints,
        ):
            assert "Antrean kosong." in (await rows(all_items))
            assert "The queue is empty." in (await rows(hints))
            incident = await sync_to_async(an_incident)(world)
            assert incident.number in (html := await rows(all_items))
            assert "csrf" not in html, "several users get these rows"
            assert incident.number not in (narrowed := await rows(hints))
            assert "The queue is empty." in narrowed, "the number of all items changed"


async def rows(opened: BrowserSocket) -> str:
    """Return the HTML of the next rows that the queue gets."""
    return str((await opened.receive_kind("rows"))["html"])
