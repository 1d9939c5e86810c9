"""Who explains and who decides at a kecamatan office: the camat of it and the mayor, nobody about the own office."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from discipline.alerts import reminders
from discipline.alerts.decisions.record import standpoint
from discipline.alerts.inbox import queries as inbox
from discipline.alerts.models import Alert, Decision, Reminder
from discipline.board.kecamatan_offices import rows as kecamatan_rows
from discipline.core.dialogue import Side
from discipline.notices import outbox
from discipline.notices.models import Delivery
from discipline.staffing import ledger
from discipline.staffing.alert_kinds import AlertKind
from offices.access.accountable import who_decides, who_explains
from offices.access.gate import deciding, explaining, scope_of
from offices.access.models import Membership
from tests.support.base import MORNING, OfficeTestCase
from tests.support.places import Kinds

SIDES = {  # over 35 Ilir, and over the kecamatan office above it
    "walikota": (Side.READER, Side.DECIDER),
    "ani": (Side.READER, Side.READER),
    "intan": (Side.READER, Side.READER),
    "budi": (Side.DECIDER, Side.ASKED),  # the camat there
    "citra": (Side.READER, Side.READER),  # of another kecamatan
    "dewi": (Side.ASKED, Side.READER),  # the lurah there
    "eko": (Side.READER, Side.READER),  # of another kelurahan
}


class KecamatanOffices(OfficeTestCase):
    def setUp(self) -> None:
        self.loket = Kinds.around(self.world).loket
        ledger.create_standings(MORNING)
        self.below = self.alert(self.world.counter(self.world.ilir35).pk)
        self.above = self.alert(self.loket.pk)

    def alert(self, counter: int) -> Alert:
        since = MORNING - timedelta(minutes=18)
        return Alert.objects.create(
            counter_id=counter,
            kind=AlertKind.ABSENCE,
            since=since,
            raised_at=MORNING,
            explain_by=timezone.now() + timedelta(days=3),
        )

    def test_each_role_has_its_side_and_the_lists_agree_with_it(self) -> None:
        for name, expected in SIDES.items():
            user = getattr(self.world, name)
            scope = scope_of(user)
            for alert, side in zip((self.below, self.above), expected, strict=True):
                with self.subTest(user=name, alert=alert):
                    assert standpoint(user, alert).side is side
                    one = Alert.objects.filter(pk=alert.pk)
                    assert one.filter(deciding(scope, "counter")).exists() is (side is Side.DECIDER)
                    assert one.filter(explaining(scope, "counter")).exists() is (side is Side.ASKED)
            waiting = sum(side is Side.ASKED for side in expected)
            assert inbox.waiting_for(scope, MORNING) == waiting, name

    def test_a_mayor_who_is_also_camat_there_decides_nothing_about_the_own_office(self) -> None:
        Membership.objects.create(
            user=self.world.walikota, role=Membership.Role.CAMAT, kecamatan=self.world.kecamatan["16.71.01"]
        )
        assert standpoint(self.world.walikota, self.above).side is Side.ASKED
        assert not Alert.objects.filter(deciding(scope_of(self.world.walikota), "counter"), pk=self.above.pk).exists()

    def test_the_camat_explains_and_the_mayor_decides(self) -> None:
        explain, decide = (reverse(f"indication-{what}", args=[self.above.pk]) for what in ("explain", "decide"))
        confirm = {"act": "confirmed", "last_seen": ""}
        for name in ("budi", "ani", "dewi"):
            self.client.force_login(getattr(self.world, name))
            assert self.client.post(decide, confirm).status_code in (302, 404)
        assert not Decision.objects.exists()
        self.client.force_login(self.world.budi)
        page = self.client.get(reverse("indication", args=[self.above.pk])).content.decode()
        assert "Kirim penjelasan" in page
        assert "Menunggu penjelasan camat" in page
        self.client.post(explain, {"reason": "sakit", "text": "Petugas sakit", "last_seen": ""})
        letter = Decision.objects.get()
        assert (letter.role, letter.by) == ("camat", self.world.budi)
        assert inbox.waiting_for(scope_of(self.world.walikota), MORNING) == 1
        self.client.force_login(self.world.walikota)
        page = self.client.get(reverse("indication", args=[self.above.pk])).content.decode()
        assert "Menunggu keputusan wali kota" in page
        assert "Ya, benar kosong" in page
        listed = self.client.get(reverse("indications")).content.decode()
        assert "Kantor Camat Ilir Barat II" in listed
        assert "35 Ilir, " not in listed, "of the camat to decide"
        self.client.post(decide, {"act": "excused", "reason": "sakit", "last_seen": letter.pk})
        assert Decision.objects.get(what="excused").role == "mayor"

    def test_notices_and_reminders_go_to_who_explains_and_who_decides(self) -> None:
        people = {name: getattr(self.world, name) for name in SIDES}
        for user in people.values():
            user.email = f"{user.username}@palembang.go.id"
            user.save()
        outbox.queue_notices(MORNING)
        told = Delivery.objects.filter(subject_key=f"alert:{self.above.pk}").order_by("due_at")
        waits = {row.user.username: row.due_at - MORNING for row in told.exclude(gathered=True)}
        assert waits == {"budi": timedelta(0), "walikota": timedelta(minutes=15)}
        reminders.remind(timezone.now() + timedelta(days=4))
        reminded = Reminder.objects.filter(alert=self.above).values_list("user__username", flat=True)
        assert set(reminded) == {"budi", "walikota"}

    def test_each_kind_of_office_has_its_roles(self) -> None:
        office = self.loket.office
        assert (who_explains(office), who_decides(office)) == (Membership.Role.CAMAT, Membership.Role.MAYOR)
        assert who_explains(self.world.ilir35) == Membership.Role.LURAH

    def test_the_board_counts_it_beside_the_kelurahan(self) -> None:
        seen = {
            name: len(kecamatan_rows.split(kecamatan_rows.all_rows(getattr(self.world, name)))[1]) for name in SIDES
        }
        assert seen == {"walikota": 1, "ani": 1, "intan": 1, "budi": 1, "citra": 0, "dewi": 0, "eko": 0}
        self.client.force_login(self.world.walikota)
        response = self.client.get(reverse("board"))
        below = [row for section in response.context["sections"] for row in section["rows"]]
        assert sum(response.context["counts"].values()) == len(below) == 4
        assert "+ 1 kantor kecamatan" in response.content.decode()
        code = self.loket.office.code
        for name, status in {"walikota": 200, "budi": 200, "citra": 404, "dewi": 404}.items():
            self.client.force_login(getattr(self.world, name))
            for page in ("office", "office-live", "door-sign"):
                assert self.client.get(reverse(page, args=[code])).status_code == status, (name, page)
        self.loket.active = False
        self.loket.save()
        self.client.force_login(self.world.walikota)
        assert "kantor kecamatan" not in self.client.get(reverse("board")).content.decode(), "no longer in use"
