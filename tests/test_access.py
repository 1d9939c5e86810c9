"""Every address × every role, by day and by night. A new address fails here until it is entered in the table."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from discipline.alerts.models import Alert
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StandingState
from offices.hours.models import HoursPlan
from streams.servers import valkey
from streams.source import newest_picture
from tests.support import access_things
from tests.support.access_expected import LIKE, expected
from tests.support.access_rows import AGENCY, INDICATION, LOGIN, OFFICE, ROLES
from tests.support.access_table import ABOVE, ABOVE_LOKET, OPEN_DATA, ROOMS, TABLE
from tests.support.base import MORNING, OfficeTestCase
from tests.support.menu import assert_current_entry
from tests.support.places import Kinds

pytestmark = pytest.mark.once

REFUSALS = (LOGIN, 403, 404)


def addresses(resolver: URLResolver) -> Iterator[str]:
    """Yield the names of all patterns except the administration's."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern)
        else:
            yield pattern.name or str(pattern.pattern)


def outcome(response: HttpResponseBase) -> str | int:
    login = response.status_code == 302 and response.headers["Location"].split("?")[0] == reverse("account_login")
    return LOGIN if login else response.status_code


class Access(OfficeTestCase):
    def setUp(self) -> None:
        camera = self.world.cameras[self.world.ilir35.pk]
        view = {"at": datetime.now(UTC).isoformat(), "width": 640, "height": 360, "boxes": [], "zones": []}
        newest_picture.store_picture(camera.pk, b"jpeg", view)
        self.addCleanup(valkey.client().delete, *(f"{valkey.PREFIX}:{k}:{camera.pk}" for k in ("picture", "view")))
        for counters in self.world.counters.values():
            for counter in counters:
                self.world.stand(counter, StandingState.STAFFED)
        self.clients = {role: self.client_of(role) for role in (*ROLES, *LIKE)}

    def client_of(self, role: str) -> Client:
        """Return a new client that is logged in with the role."""
        client = Client()
        if user := access_things.user_of(self.world, role):
            client.force_login(user)
        return client

    def ask(self, role: str, method: str, path: str) -> HttpResponseBase:
        """Ask as the role, and undo what that changed."""
        with transaction.atomic():
            answer = self.clients[role].generic(method, path)
            transaction.set_rollback(True)
        if path == reverse("logout"):
            self.clients[role] = self.client_of(role)
        return answer

    def paths(self) -> dict[str, str]:
        things = access_things.things_of(self.world)
        return {name: reverse(name, args=[things.get(one, one) for one in row[1]]) for name, row in TABLE.items()}

    def test_every_address_is_in_the_table(self) -> None:
        found = set(addresses(get_resolver()))
        assert found - TABLE.keys() == set(), "say in tests/support/access_table.py who may open these"
        assert TABLE.keys() - found == set(), "these are gone"

    def test_a_kecamatan_office_is_its_camat_s_and_the_city_s(self) -> None:
        loket = Kinds.around(self.world).loket
        alert = Alert.objects.create(counter=loket, kind=AlertKind.ABSENCE, since=MORNING, raised_at=MORNING)
        keys = {INDICATION: f"{alert.pk}", ABOVE_LOKET: f"loket-{loket.pk}"}
        for name, (method, args, statuses) in ABOVE.items():
            path = reverse(name, args=[keys.get(one, one) for one in args])
            found = tuple(outcome(self.ask(role, method, path)) for role in ROLES)
            assert found == statuses, name
            assert outcome(self.ask(AGENCY, method, path)) == outcome(self.ask("tamu", method, path)), name

    def test_every_role_gets_what_the_table_says(self) -> None:
        marked = set()
        paths = self.paths()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, "00:00-24:00"), on_holidays=True)
        for name, (method, _, _) in TABLE.items():
            for role, status in expected(name).items():
                answer = self.ask(role, method, paths[name])
                assert outcome(answer) == status, (name, role, answer.status_code)
                if (
                    role != "anonymous" and not name.startswith("api-") and name not in OPEN_DATA
                ):  # programs may ask the API whether it changed
                    assert "no-store" in answer.headers.get("Cache-Control", ""), f"{name} stays on a shared phone"
                if assert_current_entry(name, answer):
                    marked.add(name)
        assert len(marked) > 50

    def test_a_closed_office_asks_for_a_reason_where_the_table_says_so_and_nowhere_else(self) -> None:
        paths = self.paths()
        HoursPlan.objects.update(**dict.fromkeys(HoursPlan.DAYS, ""))
        for name, (method, _, statuses) in TABLE.items():
            for role, status in zip(ROLES, ROOMS.get(name, statuses), strict=True):
                if name in ROOMS or status not in REFUSALS:
                    assert outcome(self.ask(role, method, paths[name])) == status, (name, role)

    def test_who_is_refused_is_refused_by_both_methods(self) -> None:
        paths = self.paths()
        for name, (method, _, _) in TABLE.items():
            for role, status in expected(name).items():
                if status in REFUSALS:
                    answer = outcome(self.ask(role, "POST" if method == "GET" else "GET", paths[name]))
                    assert answer in (*REFUSALS, 405), (name, role, answer)

    def test_a_page_of_another_kecamatan_looks_like_one_that_is_not_there(self) -> None:
        foreign = self.ask("citra", "GET", reverse("office", args=[OFFICE]))
        missing = self.ask("citra", "GET", reverse("office", args=["99.99.99.9999"]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        self.assertNotContains(foreign, "35 Ilir", status_code=404)

    def test_a_deactivated_user_is_out_at_once(self) -> None:
        assert outcome(self.ask("budi", "GET", "/")) == 200
        self.world.budi.is_active = False
        self.world.budi.save()
        assert outcome(self.ask("budi", "GET", "/")) == LOGIN

    def test_the_login_leads_back_to_the_address_that_was_asked_for(self) -> None:
        answer = self.ask("anonymous", "GET", reverse("office", args=[OFFICE]))
        assert answer.headers["Location"] == f"/masuk/?next=/kantor/{OFFICE}/"
