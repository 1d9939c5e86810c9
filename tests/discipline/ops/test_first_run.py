"""The first days: what ticks each step of the checklist, who sees it, the cards of each role, and the words."""

import re
from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import reverse

from discipline.notices.models import Delivery
from discipline.notices.rule import Topic
from discipline.ops.first_run import remembered
from discipline.ops.first_run.models import TourSeen
from discipline.ops.first_run.readiness import read_readiness
from discipline.ops.first_run.readiness_rule import Part, Readiness, SetupStep
from discipline.ops.first_run.terms import TERMS
from discipline.ops.first_run.tour import cards_for
from discipline.staffing.models import StandingState
from offices.access.gate import scope_of
from offices.access.models import Membership
from offices.hours.models import HoursPlan
from offices.places.models import Kelurahan
from streams.cameras.models import Camera, Zone
from streams.servers import valkey
from tests.support.base import MORNING, PASSWORD, SQUARE, OfficeTestCase, member

TODAY = date(2026, 11, 23)


class FirstRun(OfficeTestCase):
    def setUp(self) -> None:
        valkey.client().delete(remembered.KEY)
        self.addCleanup(valkey.client().delete, remembered.KEY)

    def client_of(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def step(self, title: str) -> SetupStep:
        readiness = read_readiness(TODAY)
        return next(step for group in readiness.groups for step in group.steps if str(step.title) == title)

    def missing(self, office: Kelurahan, of: Readiness | None = None) -> list[Part]:
        readiness = of or read_readiness(TODAY)
        offices = [one for district in readiness.districts for one in district.offices]
        return next(one for one in offices if one.code == office.code).missing

    def make_ready(self, office: Kelurahan) -> None:
        """Give the office what World leaves out."""
        camera = self.world.cameras[office.pk]
        Camera.objects.filter(pk=camera.pk).update(reference_at=MORNING)
        Zone.objects.create(camera=camera, subject=self.world.counter(office, 2).subject, polygon=SQUARE)
        for counter in self.world.counters[office.pk]:
            self.world.stand(counter, StandingState.STAFFED, saw_at=MORNING)

    def test_an_office_becomes_ready_step_by_step(self) -> None:
        office = self.world.ilir35
        assert self.missing(office) == [Part.TESTED, Part.ZONE, Part.SEEN]
        assert self.missing(self.world.kemang)[0] is Part.LURAH
        self.make_ready(office)
        readiness = read_readiness(TODAY)
        assert self.missing(office, readiness) == []
        assert (readiness.ready, readiness.total, readiness.finished) == (1, 4, False)
        assert [one.ready for one in readiness.districts] == [1, 0]
        self.world.counters[office.pk][0].standing.delete()
        Camera.objects.filter(pk=self.world.cameras[office.pk].pk).update(enabled=False)
        assert self.missing(office) == [Part.CAMERA, Part.TESTED, Part.ZONE, Part.SEEN]

    def test_hours_count_where_a_plan_is_in_force_for_every_counter(self) -> None:
        HoursPlan.objects.update(valid_to=date(2026, 11, 22))
        HoursPlan.objects.create(name="Sendiri", kelurahan=self.world.ulu5, monday="08:00-12:00")
        HoursPlan.objects.create(name="Satu loket", counter=self.world.counter(self.world.ulu34), monday="08:00-12:00")
        step = self.step("Jam layanan berlaku")
        assert (step.done, step.total, list(step.missing)) == (1, 4, ["35 Ilir", "Kemang Manis", "3-4 Ulu"])

    def test_accounts_count_once_their_owners_can_sign_in(self) -> None:
        step = self.step("Lurah")
        assert (step.done, step.total, list(step.missing)) == (2, 4, ["Kemang Manis", "3-4 Ulu"])
        invited = member("fajar", Membership.Role.LURAH, kelurahan=self.world.kemang)
        invited.set_unusable_password()
        invited.save()
        assert "Kemang Manis (menunggu sandi)" in self.step("Lurah").missing
        assert self.step("Camat").complete
        User.objects.filter(pk=self.world.citra.pk).update(is_active=False)
        assert list(self.step("Camat").missing) == ["Seberang Ulu I"]
        with override_settings(SECOND_FACTOR_REQUIRED=True):
            assert not self.step("Operator dengan langkah kedua").complete
        with override_settings(SECOND_FACTOR_REQUIRED=False):
            assert self.step("Operator dengan langkah kedua").complete

    def test_a_channel_counts_once_it_has_sent(self) -> None:
        name = "Satu saluran pernah mengirim"
        row = Delivery.objects.create(
            user=self.world.ani,
            subject_key="test:1",
            kind=Topic.TEST,
            channel="mail",
            created_at=MORNING,
            due_at=MORNING,
            state=Delivery.State.FAILED,
            ended_at=MORNING,
        )
        assert not self.step(name).complete
        Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.SENT)
        assert (self.step(name).complete, self.step(name).note) == (True, "E-mail")

    def test_offices_of_the_city_that_are_not_loaded_and_leave_that_is_not_entered(self) -> None:
        step = self.step("Kantor kelurahan dimuat")
        assert (step.total, step.done, len(step.named), step.unnamed) == (107, 4, 4, 99)
        assert self.step("Hari libur dan cuti bersama").complete
        unknown = read_readiness(date(2050, 5, 1)).groups[0].steps[2]
        assert (unknown.complete, str(unknown.note)) == (False, "Cuti bersama 2050 belum tercatat.")

    def test_it_asks_the_database_as_often_for_many_offices_as_for_few(self) -> None:
        with self.assertNumQueries(9):
            read_readiness(TODAY)

    def test_only_the_operator_gets_the_links(self) -> None:
        links = ("/pengguna/tambah/", f"/kamera/{self.world.cameras[self.world.ilir35.pk].pk}/zona/")
        for user, has_links in ((self.world.ani, True), (self.world.walikota, False)):
            content = self.client_of(user).get("/persiapan/").content.decode()
            main = content[content.index("<main") :]
            assert "0 dari 4 kantor siap" in main
            assert {link in main for link in links} == {has_links}, user

    def test_the_board_has_one_line_for_the_operator_until_all_is_finished(self) -> None:
        def lines(users: Iterable[User]) -> list[bool]:
            return ["Persiapan: " in self.client_of(user).get("/").content.decode() for user in users]

        assert lines((self.world.ani, self.world.walikota, self.world.dewi)) == [True, False, False]
        finished = '{"ready": 4, "total": 4, "finished": true}'
        valkey.client().set(remembered.KEY, finished)
        assert lines([self.world.ani]) == [False]
        self.client_of(self.world.ani).get("/persiapan/")
        assert lines([self.world.ani]) == [True], "the page itself makes the sum again"


class FirstCards(OfficeTestCase):
    def sign_in(self, name: str) -> Client:
        client = Client()
        assert client.post("/masuk/", {"login": name, "password": PASSWORD}).status_code == 302
        return client

    def shows_cards(self, client: Client) -> bool:
        return "Tiga hal untuk memulai" in client.get("/").content.decode()

    def test_they_come_after_the_first_sign_in_until_they_are_put_away_and_never_again(self) -> None:
        phone, desk = self.sign_in("dewi"), self.sign_in("dewi")
        assert self.shows_cards(phone), "until they are put away"
        assert self.shows_cards(phone)
        assert phone.post("/perkenalan/tutup/").headers["Location"] == "/"
        assert [self.shows_cards(one) for one in (phone, desk, self.sign_in("dewi"))] == [False] * 3
        assert self.shows_cards(self.sign_in("budi")), "another account has its own"
        assert "Ajukan penutupan" in phone.get("/perkenalan/").content.decode()
        desk.post("/perkenalan/tutup/")
        assert TourSeen.objects.count() == 1

    def test_each_role_has_three_cards_that_lead_to_pages_it_may_open(self) -> None:
        world = self.world
        for user in (world.walikota, world.ani, world.intan, world.budi, world.dewi):
            cards = cards_for(scope_of(user))
            assert len(cards) == 3
            client = Client()
            client.force_login(user)
            for card in cards:
                assert client.get(reverse(card.to)).status_code in (200, 302), (user, card.to)

    def test_the_marks_of_the_pages_lead_to_words_that_are_there(self) -> None:
        client = Client()
        client.force_login(self.world.budi)
        alert = self.world.accuse(self.world.counter(self.world.ilir35))
        page = client.get("/istilah/").content.decode()
        anchors = [term.anchor for group in TERMS for term in group.terms] + [group.anchor for group in TERMS]
        assert len(set(anchors)) == len(anchors)
        for path in ("/", "/laporan/16.71.01/2026-10/", f"/indikasi/{alert.pk}/"):
            (anchor,) = re.findall(r'href="/istilah/#([\w-]+)"', client.get(path).content.decode())
            assert f'id="{anchor}"' in page, path
