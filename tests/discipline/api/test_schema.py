"""What the API's own schema allows is answered as it says; what it forbids is refused with a message."""

import re
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from discipline.api.access.models import EVENTS_OF, HookTopic, WebhookCall
from discipline.api.v1.api import schema
from discipline.incidents.tasks import changes
from discipline.staffing.models import StandingState
from tests.support.api_clients import System
from tests.support.base import MORNING
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident
from tests.support.reported_week import ReportedWeekCase

pytestmark = pytest.mark.once

EXAMPLES = 10  # per operation, each for valid and invalid parameters
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def settle(case: Any, known: dict[str, Any]) -> None:
    """Fix what a schema can't express: ids that exist, cursors that come from a page, the order of two days."""
    row = known.get(case.operation.path.removeprefix("/api/v1"), known["id"])
    case.path_parameters = {name: (known | {"id": row})[name] for name in case.path_parameters or {}}
    query = case.query or {}
    query.pop("cursor", None)
    if "dari" in query and "sampai" in query:
        query["dari"], query["sampai"] = sorted((query["dari"], query["sampai"]))


class Schema(ReportedWeekCase):  # with days to report
    def setUp(self) -> None:
        for signal in (request_started, request_finished):  # they would end the transaction
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        for office in self.world.offices.values():
            for counter in self.world.counters[office.pk]:
                self.world.stand(counter, StandingState.STAFFED)
        accused = self.world.accuse(self.world.counter(self.world.ilir35))
        self.world.accuse(
            self.world.counter(self.world.ulu5), ended_at=MORNING + timedelta(minutes=1), ended_by="staffed"
        )
        self.known = {"kode": "16.71.01.1001", "id": accused.pk, "tempat": "16.71.01", "periode": "2026-W47"}
        task = changes.ask(an_incident(self.world), self.world.ilir35, "Bantu warga", self.world.ani, MORNING)
        report = a_complaint(self.world, published=True)
        self.known |= {
            "/kejadian/{id}": task.incident_id,
            "/tugas/{id}": task.pk,
            "/laporan-warga/{id}": report.pk,
        }
        self.headers = System(self.world, city=True).headers | {"Accept-Encoding": "identity"}
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
        self.schema.config.generation.with_security_parameters = False  # tests/discipline/api/test_scope.py

    def test_operations_keep_the_ids_by_which_generated_clients_call_them(self) -> None:
        ids = {operation["operationId"] for path in schema()["paths"].values() for operation in path.values()}
        routes = ("client", "offices", "office", "standings", "indications", "indication")
        wanted = {f"discipline_api_routes_{name}" for name in routes}
        wanted |= {"discipline_api_numbers_tallies", "discipline_api_numbers_report"}
        city = ("incidents", "incident", "open_incident", "tasks", "task", "complaints", "complaint")
        assert ids == wanted | {f"discipline_api_city_{name}" for name in city}

    def ask_everything(self, mode: GenerationMode, known: dict[str, Any], excluded: tuple[Any, ...] = ()) -> set[int]:
        """Request each operation with parameters, valid or not; return the statuses seen."""
        seen: set[int] = set()
        for found in self.schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            if not (list(operation.query) or list(operation.path_parameters)):
                continue

            @BOUNDED
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                if known:
                    settle(case, known)
                answer = case.call_and_validate(headers=self.headers, excluded_checks=excluded)
                seen.add(answer.status_code)

            ask()
        return seen

    def test_what_the_schema_allows_is_answered_as_it_says(self) -> None:
        assert self.ask_everything(GenerationMode.POSITIVE, self.known) <= {200, 304}

    def test_what_is_made_up_is_not_found_or_refused_and_never_fails(self) -> None:
        seen = self.ask_everything(GenerationMode.POSITIVE, {}, (positive_data_acceptance,))
        assert {200, 404, 422} <= seen <= {200, 304, 400, 404, 422}  # 400: a cursor with NUL

    def test_what_the_schema_forbids_is_refused(self) -> None:
        assert 422 in self.ask_everything(GenerationMode.NEGATIVE, {})

    def test_every_operation_but_one_only_reads_and_documents_its_errors(self) -> None:
        for path, operations in schema()["paths"].items():
            assert list(operations) == (["get", "post"] if path == "/api/v1/kejadian" else ["get"]), path
            documented = operations["get"]["responses"].keys()
            assert {200, 304, 401, 403, 422, 429, 503} <= documented
            assert (404 in documented) == bool(re.search(r"\{\w+\}", path))

    def test_what_a_webhook_is_sent_is_described_too(self) -> None:
        documented = schema()
        call = documented["components"]["schemas"]["Call"]
        assert {200, 201, 401, 403, 409, 422, 429, 503} <= documented["paths"]["/api/v1/kejadian"]["post"][
            "responses"
        ].keys()
        assert documented["webhooks"]["event"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert set(call["properties"]) == {"id", "event", "demo", *HookTopic}
        named = {f"{topic}.{event}" for topic, events in EVENTS_OF.items() for event in events}
        assert set(call["properties"]["event"]["enum"]) == named | {"test"}
        assert {name.rpartition(".")[2] for name in named} | {"test"} == set(WebhookCall.Event.values)
