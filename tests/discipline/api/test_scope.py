"""What tokens open: nothing without one, lists within a client's areas. All operations: tests/test_access_api.py."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.urls import reverse

from discipline.alerts.models import Alert
from discipline.api.access import tokens
from discipline.api.access.models import ApiClient
from discipline.api.v1.api import schema
from discipline.core.models import DemoHistory
from discipline.incidents.tasks.changes import ask
from discipline.staffing.models import StandingState
from streams.servers import valkey
from tests.support.api_clients import API, System
from tests.support.base import MORNING, OfficeTestCase
from tests.support.complaints import a_complaint
from tests.support.incidents import an_incident
from tests.support.telephones import after

ILIR, ULU = "16.71.01", "16.71.02"
OFFICE = "16.71.01.1001"
NEW_YEAR, LONG_AGO = date(2026, 1, 1), datetime(2026, 1, 1, 17, tzinfo=UTC)


class Tokens(OfficeTestCase):
    def setUp(self) -> None:
        for office in self.world.offices.values():
            for counter in self.world.counters[office.pk]:
                self.world.stand(counter, StandingState.STAFFED)
        self.accused = self.world.accuse(self.world.counter(self.world.ilir35))
        self.task = ask(an_incident(self.world), self.world.ilir35, "Periksa", self.world.ani, MORNING)
        self.complaint = a_complaint(self.world, "rubbish", published=True)
        self.city = System(self.world, "Dasbor", city=True)
        self.ours = System(self.world, "Ilir", kecamatan=[self.world.kecamatan[ILIR]])
        self.theirs = System(self.world, "Ulu", kecamatan=[self.world.kecamatan[ULU]])
        self.office = System(self.world, "35 Ilir", kelurahan=[self.world.ilir35])

    def paths(self) -> list[str]:
        """Return one address of every operation, about 35 Ilir where it is about one object."""
        known = {"kode": OFFICE, "tempat": ILIR, "periode": "2026-10"}
        ids = {"indikasi": self.accused.pk, "tugas": self.task.pk, "kejadian": self.task.incident_id}
        ids["laporan-warga"] = self.complaint.pk
        paths = [path.removeprefix(API) for path in schema()["paths"]]
        return [path.format(**known, id=ids.get(path.split("/")[1])) for path in paths]

    def test_no_old_wrong_or_revoked_token_opens_any_operation(self) -> None:
        expired = System(self.world, "Lama", city=True, days=-1)
        revoked = System(self.world, "Dicabut", city=True)
        tokens.revoke_token(revoked.client, self.world.ani.pk, MORNING)
        words = {
            expired.token: "sudah lewat",
            revoked.token: "dicabut",
            "sidak_nothing": "tidak dikenal",
            "": "tidak dikenal",
            "ü \x00": "tidak dikenal",
        }
        for path in self.paths():
            for token, why in words.items():
                answer = Client().get(API + path, headers={"Authorization": f"Bearer {token}"})
                assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
                assert answer["WWW-Authenticate"].startswith("Bearer ")
                assert why in answer.json()["detail"], (token, path)
            for headers in ({}, {"Authorization": "Basic dXNlcjpwYXNz"}, {"Authorization": self.city.token}):
                answer = Client().get(API + path, headers=headers)
                assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Sidak"')
                assert "operator Kominfo" in answer.json()["detail"]

    def test_every_answer_says_whether_it_is_made_up(self) -> None:
        for made_up in (False, True):
            if made_up:
                DemoHistory.objects.create(
                    seed=1, first_day=NEW_YEAR, last_day=NEW_YEAR, until=LONG_AGO, made_at=MORNING
                )
            assert {self.city.get(path).json()["demo"] for path in self.paths()} == {made_up}

    def test_a_persons_session_opens_no_operation(self) -> None:
        browser = Client()
        browser.force_login(self.world.walikota)
        assert {browser.get(API + path).status_code for path in self.paths()} == {401}

    def test_lists_hold_the_scope_and_no_filter_leads_out_of_it(self) -> None:
        for path, at in (
            ("/kantor", ("code",)),
            ("/keadaan", ("kelurahan", "code")),
            ("/indikasi", ("kelurahan", "code")),
        ):
            everywhere, here = self.codes(self.city, path, at), self.codes(self.ours, path, at)
            assert here == {code for code in everywhere if code.startswith(ILIR)}
            assert self.codes(self.office, path, at) == {OFFICE}
            assert self.codes(self.theirs, path, at, kecamatan=ILIR) == set()

    def codes(self, system: System, path: str, at: tuple[str, ...], **more: Any) -> set[str]:
        found = set()
        for item in system.items(path, **more):
            for name in at:
                item = item[name]
            found.add(item)
        return found

    def test_a_token_without_any_area_sees_nothing(self) -> None:
        bare = System(self.world, "Kosong")
        assert [bare.items(path) for path in ("/kantor", "/keadaan", "/indikasi")] == [[], [], []]

    def test_a_scope_that_shrinks_shrinks_at_once(self) -> None:
        assert self.ours.get(f"/kantor/{OFFICE}").status_code == 200
        self.ours.client.kecamatan.clear()
        assert self.ours.get(f"/kantor/{OFFICE}").status_code == 404

    def test_a_renewed_token_takes_the_place_of_the_old_one(self) -> None:
        new = tokens.renew_token(self.city.client, self.world.ani.pk, MORNING)
        assert self.city.get("/klien").status_code == 401
        self.city.token = new
        assert self.city.get("/klien").json()["name"] == "Dasbor"

    def test_the_token_is_stored_nowhere(self) -> None:
        row = ApiClient.objects.values().get(name="Dasbor")
        assert self.city.token not in map(str, row.values())
        assert self.city.token.startswith(row["token_start"])
        assert len(row["token_start"]) < 16

    def test_its_last_use_is_known_to_the_minute_and_not_written_more_often(self) -> None:
        tokens.authenticate(self.city.token, after(0))
        tokens.authenticate(self.city.token, after(0.5))
        assert ApiClient.objects.get(name="Dasbor").last_used_at == after(0)
        with self.assertNumQueries(4):  # the client, its areas and agencies; nothing is written
            tokens.authenticate(self.city.token, after(0.9))
        tokens.authenticate(self.city.token, after(1.5))
        assert ApiClient.objects.get(name="Dasbor").last_used_at == after(1.5)


class Reading(OfficeTestCase):
    def setUp(self) -> None:
        self.system = System(self.world, city=True)

    def accuse(self, minutes: float, **more: Any) -> Alert:
        at = MORNING + timedelta(minutes=minutes)
        row = {"counter": self.world.counter(self.world.ulu5), "kind": "absence", "since": at, "raised_at": at}
        return Alert.objects.create(**row | {"ended_at": at, "ended_by": "staffed"} | more)

    def ids(self, **asked: Any) -> list[int]:
        return [one["id"] for one in self.system.items("/indikasi", **asked)]

    def test_nothing_can_be_written(self) -> None:
        for method in ("post", "put", "patch", "delete", "options", "trace"):
            answer = getattr(Client(), method)(f"{API}/kantor", headers=self.system.headers)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), method
            assert answer["Content-Type"] == "application/problem+json"

    def test_a_head_is_answered_like_a_get_without_its_body(self) -> None:
        answer = Client().head(f"{API}/kantor", headers=self.system.headers)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["ETag"] == self.system.get("/kantor")["ETag"]

    def test_what_has_not_changed_is_not_sent_again(self) -> None:
        first = self.system.get("/indikasi")
        again = self.system.get("/indikasi", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        self.accuse(0)
        assert self.system.get("/indikasi", headers={"If-None-Match": first["ETag"]}).status_code == 200
        assert first["Cache-Control"] == "private, no-cache"
        assert "Authorization" in first["Vary"]

    def test_pages_follow_each_other_while_rows_come_and_go(self) -> None:
        alerts = [self.accuse(minute) for minute in (0, 1, 1, 1, 2, 3)]
        expected = [one.pk for one in reversed(alerts)]
        first = self.system.get("/indikasi", batas=2).json()
        newer = self.accuse(9)
        older = self.accuse(1, kind="late_opening")
        seen = [one["id"] for one in first["items"]]
        page = first
        while page["next"]:
            page = self.system.get("/indikasi", batas=2, cursor=page["next"]).json()
            seen += [one["id"] for one in page["items"]]
        assert newer.pk not in seen
        assert [pk for pk in seen if pk != older.pk] == expected
        assert len(seen) == len(set(seen))

    def test_a_cursor_of_another_list_or_of_nobodys_is_refused_in_words(self) -> None:
        for minute in range(3):
            self.accuse(minute)
        cursor = self.system.get("/indikasi", batas=1).json()["next"]
        for path, given in (("/kantor", cursor), ("/indikasi", cursor[:-1]), ("/indikasi", "eyJ4IjoxfQ")):
            answer = self.system.get(path, cursor=given)
            assert answer.status_code == 422
            assert answer.json()["faults"] == [
                {"parameter": "cursor", "detail": "Bukan kursor dari halaman sebelumnya dari daftar ini."}
            ]

    def test_indications_are_narrowed_by_day_kind_outcome_and_whether_they_last(self) -> None:
        night = self.accuse(15 * 60 - 1)  # 23.59 WIB
        after_midnight = self.accuse(15 * 60, outcome="excused")
        lasting = self.accuse(16 * 60, kind="not_opened", ended_at=None, ended_by="")
        assert self.ids(sampai="2026-11-23") == [night.pk]
        assert self.ids(dari="2026-11-24") == [lasting.pk, after_midnight.pk]
        assert self.ids(jenis="not_opened") == [lasting.pk]
        assert self.ids(keputusan="excused") == [after_midnight.pk]
        assert self.ids(keputusan="none") == [lasting.pk, night.pk]
        assert self.ids(berlangsung="ya") == [lasting.pk]
        assert self.ids(berlangsung="tidak") == [after_midnight.pk, night.pk]
        assert self.ids(kelurahan=OFFICE) == []

    def test_the_seconds_that_the_camera_could_not_judge_are_given_apart(self) -> None:
        self.accuse(5, since=MORNING, unknown_s=62)
        (one,) = self.system.items("/indikasi")
        assert (one["since"], one["ended_at"]) == ("2026-11-23T02:00:00Z", "2026-11-23T02:05:00Z")
        assert one["unknown_s"] == 62

    def test_what_was_replaced_or_taken_back_is_found_by_its_number_only(self) -> None:
        later = self.accuse(5)
        replaced = self.accuse(1, superseded_by=later)
        fault = self.accuse(2, kind="camera_fault")
        assert self.ids() == [later.pk]
        assert self.system.get(f"/indikasi/{replaced.pk}").json()["superseded_by"] == later.pk
        assert self.system.get(f"/indikasi/{fault.pk}").status_code == 404

    def test_invalid_parameters_are_explained_in_words(self) -> None:
        wrong = {
            "dari": ("23-11-2026", "Tulis tanggal seperti 2026-11-23."),
            "batas": ("201", "Paling besar 200."),
            "jenis": ("bolos", "Bukan salah satu pilihan: late_opening, not_opened, absence, early_leave."),
            "kecamatan": ("Ilir", "Bentuknya tidak dikenal."),
            "kecamtan": (ILIR, "Parameter ini tidak dikenal."),
        }
        for name, (value, words) in wrong.items():
            answer = self.system.get("/indikasi", **{name: value})
            assert answer.status_code == 422
            (fault,) = answer.json()["faults"]
            assert fault["parameter"] == name
            assert words in fault["detail"]
        backwards = self.system.get("/indikasi", dari="2026-11-24", sampai="2026-11-23")
        assert "mendahului" in backwards.json()["faults"][0]["detail"]

    def test_another_address_below_the_api_is_a_problem_and_no_page(self) -> None:
        for path in ("/kantor/", "/orang", "/kantor/16.71.01.1001/kamera"):
            answer = self.system.get(path)
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    def test_who_asks_too_often_waits_for_the_next_minute(self) -> None:
        slow = System(self.world, "Lambat", city=True, per_minute=2)
        answers = [slow.get("/klien") for _ in range(6)]  # a minute may end meanwhile
        over = [one for one in answers if one.status_code == 429]
        assert over
        assert {one.status_code for one in answers} == {200, 429}
        assert 1 <= int(over[-1]["Retry-After"]) <= 60
        assert (over[-1]["RateLimit-Limit"], over[-1]["RateLimit-Remaining"]) == ("2", "0")
        assert "Paling banyak 2" in over[-1].json()["detail"]
        assert self.system.get("/klien").status_code == 200  # each client has its own limit

    def test_without_valkey_nobody_is_counted_and_everybody_is_let_through(self) -> None:
        slow = System(self.world, "Lambat", city=True, per_minute=1)
        nowhere = {"REDIS_URL": "redis://127.0.0.1:9/0"}
        valkey.client.cache_clear()
        self.addCleanup(valkey.client.cache_clear)
        with override_settings(**nowhere):
            assert [slow.get("/klien").status_code for _ in range(3)] == [200] * 3

    def test_without_a_database_the_answer_says_why_and_when_to_retry(self) -> None:
        def away(*_: Any) -> None:
            raise OperationalError("the connection is closed")

        for path in ("/kantor", "/laporan/kota/2026-10"):
            with connection.execute_wrapper(away):
                answer = self.system.get(path)
            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert "Basis data" in answer.json()["detail"]

    def test_the_description_is_open_and_says_how_to_begin(self) -> None:
        page = Client().get(reverse("api-description"))
        assert page.status_code == 200
        for path in schema()["paths"]:
            assert path in page.content.decode()
        assert Client().get(reverse("api-schema")).json()["openapi"].startswith("3.")
