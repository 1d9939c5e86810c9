"""Every operation of the API × every kind of token. A new one fails here until it is entered in the table."""

import pytest
from django.test import Client
from django.urls import reverse

from discipline.api.access import tokens
from discipline.incidents.tasks import changes
from discipline.staffing.models import StandingState
from tests.support.access_rows import CITY_INCIDENT, COMPLAINT, INDICATION, OFFICE, TASK
from tests.support.access_table import TABLE
from tests.support.api_clients import System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident

pytestmark = pytest.mark.once

KECAMATAN = "16.71.01"
#               none revoked expired city its kecamatan other kecamatan its office other office no area
EVERY_TOKEN = (401, 401, 401, 200, 200, 200, 200, 200, 200)
ITS_AREA = (401, 401, 401, 200, 200, 404, 200, 404, 404)
ITS_KECAMATAN = (401, 401, 401, 200, 200, 404, 404, 404, 404)
WHOSE_TASK = ITS_AREA  # that of the kelurahan that was asked
ANYBODY = (200,) * 9

API: dict[str, list[tuple[list[str], tuple[int, ...]]]] = {
    "api-client": [([], EVERY_TOKEN)],
    "api-offices": [([], EVERY_TOKEN)],
    "api-office": [([OFFICE], ITS_AREA)],
    "api-standings": [([], EVERY_TOKEN)],
    "api-indications": [([], EVERY_TOKEN)],
    "api-indication": [([INDICATION], ITS_AREA)],
    "api-tallies": [([], EVERY_TOKEN)],
    "api-report": [([OFFICE, "2026-10"], ITS_AREA), ([KECAMATAN, "2026-10"], ITS_KECAMATAN)],
    "api-incidents": [([], EVERY_TOKEN)],
    "api-incident": [([CITY_INCIDENT], WHOSE_TASK)],
    "api-tasks": [([], EVERY_TOKEN)],
    "api-task": [([TASK], WHOSE_TASK)],
    "api-complaints": [([], EVERY_TOKEN)],
    "api-complaint": [([COMPLAINT], ITS_AREA)],
    "api-missing": [(["nothing"], (404,) * 9)],
    "api-description": [([], ANYBODY)],
    "api-schema": [([], ANYBODY)],
}


class Tokens(OfficeTestCase):
    def setUp(self) -> None:
        w = self.world
        for counter in (counter for counters in w.counters.values() for counter in counters):
            w.stand(counter, StandingState.STAFFED)
        task = changes.ask(an_incident(w), w.ilir35, "Bantu warga", w.ani, MORNING)
        self.rows = {
            INDICATION: str(w.accuse(w.counter(w.ilir35)).pk),
            CITY_INCIDENT: str(task.incident_id),
            TASK: str(task.pk),
            COMPLAINT: str(a_complaint(w, published=True).pk),
        }
        revoked = System(w, "Dicabut", city=True)
        tokens.revoke_token(revoked.client, w.ani.pk, MORNING)
        systems = (
            revoked,
            System(w, "Lama", city=True, days=-1),
            System(w, "Kota", city=True),
            System(w, "Ilir", kecamatan=[w.kecamatan[KECAMATAN]]),
            System(w, "Ulu", kecamatan=[w.kecamatan["16.71.02"]]),
            System(w, "35 Ilir", kelurahan=[w.ilir35]),
            System(w, "5 Ulu", kelurahan=[w.ulu5]),
            System(w, "Kosong"),
        )
        self.headers: list[dict[str, str]] = [{}, *(system.headers for system in systems)]

    def test_every_operation_is_in_the_table(self) -> None:
        assert {name for name in TABLE if name.startswith("api-")} == API.keys()

    def test_every_token_gets_what_the_table_says_and_may_write_nothing(self) -> None:
        browser = Client()
        for name, rows in API.items():
            for arguments, expected in rows:
                path = reverse(name, args=[self.rows.get(one, one) for one in arguments])
                for token, (headers, status) in enumerate(zip(self.headers, expected, strict=True)):
                    assert browser.get(path, headers=headers).status_code == status, (name, arguments, token)
                    for method in ("POST", "PUT", "PATCH", "DELETE"):
                        # The one operation that writes asks for a key and a body, and gets none.
                        opens = (401, 422) if (name, method) == ("api-incidents", "POST") else (401, 404, 405)
                        assert browser.generic(method, path, headers=headers).status_code in opens, name
