"""What the machine and its settings are fit for: clock, models, keys, mail and push."""

import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from discipline.notices import vapid
from discipline.ops.doctor.diagnosis import Diagnosis, fault, ok, warning
from discipline.ops.watch import clocks
from discipline.staffing.incident_rule import IncidentThresholds
from streams.detect import model_files
from streams.secrets import count_sealed
from streams.servers.kernel_clock import kernel_clock_is_synchronised

UNREADABLE_SECRETS = "streams.W001"  # of a check that is repeated by check_keys


def check_settings() -> Iterator[Diagnosis]:
    """Report what Django's checks for production find, Sidak's own among them."""
    found = run_checks(include_deployment_checks=True, databases=["default"])
    messages = [message for message in found if not message.is_silenced() and message.id != UNREADABLE_SECRETS]
    for message in messages:
        judge = fault if message.is_serious() else warning
        yield judge(
            "settings", f"{message.msg.split('. ')[0]} ({message.id})", message.hint or "See manage.py check --deploy."
        )
    if not messages:
        yield ok("settings", "fit for production")


def check_migrations() -> Iterator[Diagnosis]:
    """Report whether the database has the tables of this version. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield fault("database", f"{len(missing)} migrations are not applied", "Run manage.py migrate.")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            release, size = cursor.fetchone()
        yield ok("database", f"PostgreSQL {release}, {size / 1e6:.0f} MB, all migrations applied")


def check_clock() -> Iterator[Diagnosis]:
    """Compare this machine's clock with PostgreSQL's, and ask the kernel about it. Raises DatabaseError."""
    most_s = IncidentThresholds().clock_s
    here, there = clocks.read_system_clock(), clocks.read_database_clock()
    ahead_s = (here.wall - there.wall).total_seconds() - (here.steady_s - there.steady_s)
    synchronise = "Let the machines of Sidak and PostgreSQL take their time from a server: chrony or systemd-timesyncd."
    if abs(ahead_s) > most_s:
        yield fault("clock", f"this machine's differs from PostgreSQL's by {ahead_s:+.1f} s", synchronise)
    else:
        yield ok("clock", f"agrees with PostgreSQL's within {abs(ahead_s):.1f} s")
    if kernel_clock_is_synchronised() is False:
        yield warning("clock", "the kernel says that no time server sets it", synchronise)


def check_models() -> Iterator[Diagnosis]:
    """Compare the models with their SHA-256."""
    try:
        model_files.check(settings.MODELS_DIR)
    except model_files.ModelError as error:
        yield fault("models", str(error), "Run make install.")
    else:
        yield ok("models", f"as prepared, in {settings.MODELS_DIR}")


def check_keys() -> Iterator[Diagnosis]:
    """Report stored secrets that no key opens. Raises DatabaseError."""
    counts = count_sealed()
    total, unreadable = sum(count.total for count in counts), sum(count.unreadable for count in counts)
    if unreadable:
        yield fault(
            "keys",
            f"{unreadable} of {total} stored passwords and secrets can't be opened",
            "Put the key that they were sealed with into SEALING_KEY_FALLBACKS, or enter them again.",
        )
    else:
        yield ok("keys", f"open all {total} stored passwords and secrets")


def check_mail() -> Iterator[Diagnosis]:
    """Connect to the mail server and sign in, without sending."""
    if not settings.EMAIL_URL:
        yield warning("mail", f"is written to {settings.EMAIL_FILE_PATH} only", "Set EMAIL_URL in .env.")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection():
            yield ok("mail", f"{server} accepts the connection")
    except (OSError, smtplib.SMTPException) as error:
        yield fault("mail", f"{server}: {error}", "Compare EMAIL_URL with the mail server's settings.")


def check_push() -> Iterator[Diagnosis]:
    """Report whether browsers and push services will accept this installation's pushes."""
    try:
        vapid.public_key()
    except ImproperlyConfigured as error:
        yield fault("push", str(error), "Restore the key from a backup; with a new one every device has to subscribe.")
        return
    if settings.SITE_URL.startswith("https://"):
        yield ok("push", f"for {settings.SITE_URL}, as {vapid.subject()}")
    else:
        yield warning("push", f"SITE_URL is {settings.SITE_URL}", "Phones get pushes of an https address only.")
