"""The application's role adds to records and does its work, but can't rewrite them; the owner migrates and grants."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError
from psycopg import sql

from discipline.alerts.decisions.record import DecisionStatement, record_decision
from discipline.alerts.decisions.rule import DecisionAct
from discipline.evidence import legal_holds, retention
from discipline.evidence.models import LegalHold, Retention
from discipline.ops.append_only import sealing, tables
from discipline.staffing.models import Flip
from offices.access.models import Membership
from offices.access.rights_log import recorded_rights
from offices.access.rights_models import RightsChange
from streams.evidence import store
from streams.evidence.models import Evidence
from streams.evidence.openings import open_original
from streams.live import access_log
from streams.live.models import View
from tests.support.application_role import as_application
from tests.support.base import MORNING, OfficeTestCase
from tests.support.database import migrated_template, url_of
from tests.support.paths import ROOT
from tests.support.proof import store_still
from tests.support.story import absence_of_eighteen_minutes

RECORDS = [table.name for table in tables.append_only_tables()]
LATER = MORNING + timedelta(days=100)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR, settings.HEADS_KEY_FILE = tmp_path / "evidence", tmp_path / "key"


def refused(statement: str) -> str:
    """Return how the database refuses the statement; fail if it doesn't."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize("table", RECORDS)
def test_the_application_can_add_to_a_record_and_nothing_else(table: str) -> None:
    with as_application():
        assert "permission denied" in refused(f"UPDATE {table} SET {_key(table)} = {_key(table)}")
        assert "permission denied" in refused(f"DELETE FROM {table}")
        assert "permission denied" in refused(f"TRUNCATE {table} CASCADE")
        assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert "must be owner" in refused(f"DROP TABLE {table} CASCADE")
        assert "permission denied" in refused("SET session_replication_role = replica")
        assert "permission denied" in refused(f"CREATE TRIGGER x BEFORE INSERT ON {table} EXECUTE FUNCTION now()")
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT, INSERT')", [table])
            assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_the_application_can_mark_nothing_as_made_up_or_migrated() -> None:
    with as_application():
        for table in tables.READ_ONLY:
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"INSERT INTO {table} VALUES (1)"):
                assert "permission denied" in refused(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", RECORDS)
def test_not_even_the_owner_truncates_by_mistake(table: str) -> None:
    assert "is append-only" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_each_table_that_refuses_changes_is_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgname LIKE '%%append_only'"
        )
        refusing = {name for (name,) in cursor.fetchall()}
    assert len(refusing) > 5
    assert refusing <= set(RECORDS)


def test_no_row_that_may_be_deleted_takes_a_record_with_it() -> None:
    records = {apps.get_model(label) for label in tables.APPEND_ONLY}
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in records
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete not in (models.PROTECT, models.DO_NOTHING)
        and field.related_model not in records
    ]
    assert not wrong


class Work(OfficeTestCase):
    """What the programs do to records, all of it as the application."""

    def test_the_work_of_a_day_needs_no_more(self) -> None:
        world = self.world
        counter = world.counter(world.ilir35)
        with as_application():
            alert = absence_of_eighteen_minutes(counter)
            assert not Flip.objects.filter(alerted_at=None).exists()
            original = store_still(counter)
            alert.evidence.add(original)
            record_decision(alert, world.budi, DecisionStatement(DecisionAct.CONFIRMED, None), MORNING)
            open_original(world.intan.pk, "session", original, "Memeriksa pengaduan", MORNING)
            view = access_log.open_view(world.budi, world.cameras[world.ilir35.pk], View.Why.ROUTINE, MORNING)
            access_log.touch_view(view.pk, MORNING + timedelta(minutes=1))
            access_log.close_view(view.pk, MORNING + timedelta(minutes=2))
            hold = legal_holds.hold_indication(alert, "Diperiksa inspektorat", world.intan.pk, MORNING)
            assert legal_holds.end_hold(hold, "Pemeriksaan selesai", world.intan.pk, MORNING)
            with recorded_rights(world.ani, MORNING):
                Membership.objects.filter(user=world.eko).delete()
            store.seal_days(MORNING + timedelta(days=1))
            sealing.seal_tables(MORNING)
            Retention.objects.create(since=MORNING, by=world.intan)
            retention.apply_retention(LATER)
        assert Evidence.objects.filter(kind=Evidence.Kind.DESTROYED, of=original).exists()
        assert View.objects.get().ended_at == MORNING + timedelta(minutes=2)
        assert LegalHold.objects.get().ended_by == world.intan
        assert RightsChange.objects.get().user_name == "eko"


@dataclass(frozen=True, slots=True)
class TwoRoles:
    """A migrated database with its owner and the application's role, neither a superuser."""

    name: str
    application: str
    owner: str

    def manage(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        environment = {"DATABASE_URL": self.application, "DATABASE_OWNER_URL": self.owner, "DEMO": "0"} | environment
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def excess(self, url: str) -> str:
        """Return what the check of production says of this role."""
        done = self.manage("check", "--deploy", "--database", "default", DATABASE_URL=url, DATABASE_OWNER_URL="")
        return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if "discipline.E004" in line)


@pytest.fixture
def two_roles() -> Iterator[TwoRoles]:
    name, server = f"sidak_roles_{os.getpid()}", url_of("postgres")
    names = {role: f"{name}_{role}" for role in ("application", "owner")}
    template = migrated_template()
    with psycopg.connect(server, autocommit=True) as admin:
        for role in names.values():
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(role)))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
    with psycopg.connect(url_of(name), autocommit=True) as admin:
        owner = sql.Identifier(names["owner"])
        admin.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        kinds = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        for (table,) in admin.execute(kinds).fetchall():
            admin.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), owner))
    parts = urlsplit(url_of(name))
    hosts = parts.netloc.rpartition("@")[2]
    urls = {role: parts._replace(netloc=f"{user}:x@{hosts}").geturl() for role, user in names.items()}
    try:
        yield TwoRoles(name, **urls)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            for role in names.values():
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.mark.slow
def test_migrate_grants_as_the_owner_what_production_asks_for(two_roles: TwoRoles) -> None:
    one_role = two_roles.manage("migrate", DATABASE_OWNER_URL=two_roles.application)
    assert "two different roles" in one_role.stderr
    no_owner = two_roles.manage("migrate", DATABASE_OWNER_URL="")
    assert "permission denied" in no_owner.stderr
    assert "Name the owner of the tables by DATABASE_OWNER_URL." in no_owner.stderr
    assert "Traceback" not in no_owner.stderr
    done = two_roles.manage("migrate", "-v0")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(two_roles.application, autocommit=True) as application:
        application.execute("INSERT INTO auth_group (name) VALUES ('a')")
        application.execute("DELETE FROM auth_group")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("DELETE FROM streams_view")
    assert two_roles.excess(two_roles.application) == ""
    assert "is a superuser or the owner of the tables" in two_roles.excess(two_roles.owner)
    assert "is a superuser or the owner of the tables" in two_roles.excess(url_of(two_roles.name))
    with psycopg.connect(two_roles.owner) as owner:
        role = sql.Identifier(str(urlsplit(two_roles.application).username))
        owner.execute(sql.SQL("GRANT DELETE ON discipline_flip TO {}").format(role))
    assert "may rewrite discipline_flip" in two_roles.excess(two_roles.application)
    assert two_roles.manage("migrate", "-v0").returncode == 0
    assert two_roles.excess(two_roles.application) == ""


def _key(table: str) -> str:
    [key] = [one.key for one in tables.append_only_tables() if one.name == table]
    return key
