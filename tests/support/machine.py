"""An installation of Sidak with a database and folders of its own, of this version or of another one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.support.paths import ROOT
from tests.support.scratch import create_database

# A small city with evidence, some of it destroyed, an attachment and a camera's password.
FILL = """
from django.core.files.uploadedfile import SimpleUploadedFile
from discipline.core.attachments import store_attachment
from streams.cameras.models import Camera
from streams.evidence import store
from streams.evidence.models import Evidence
from tests.support.base import MORNING, World
from tests.support.pictures import grey_jpeg
from tests.support.proof import store_still

world = World()
for minutes, office in ((12, world.ilir35), (25, world.ulu5)):
    alert = world.accuse(world.counter(office), minutes)
    alert.evidence.add(store_still(world.counter(office)))
gone = store_still(world.counter(world.ulu5), Evidence.Kind.DURING)
store.note_destroyed(gone, "retention", MORNING)
store.path_of(gone).unlink()
store_attachment(SimpleUploadedFile("surat.jpg", grey_jpeg()))
Camera.objects.filter(pk=world.cameras[world.kemang.pk].pk).update(password="kata-sandi-kamera")
"""
# Seals what is stored, as beat does.
SEAL = """
from django.utils import timezone
from discipline.ops.append_only.sealing import seal_tables
from streams.evidence.store import seal_days
seal_days(timezone.now())
seal_tables(timezone.now())
"""
# Fails unless all of it can be used, by this version and the last, whose login page names the user otherwise.
USE = """
from django.test import Client
from discipline.alerts.models import Alert
from discipline.core.models import Attachment
from streams.cameras.models import Camera
from tests.support.base import PASSWORD

browser = Client(SERVER_NAME="127.0.0.1")
answer = browser.post("/masuk/", {"login": "ani", "username": "ani", "password": PASSWORD}, follow=True)
assert answer.status_code == 200 and answer.wsgi_request.user.username == "ani", answer
assert {camera.password for camera in Camera.objects.all()} == {"", "kata-sandi-kamera"}
assert Attachment.objects.count() == 1
for alert in Alert.objects.all():
    assert alert.evidence.count() == 1
print("used")
"""

# Runs management commands one after another in one process; prints a JSON list of what each printed.
RUN = """
import json, sys
from contextlib import redirect_stdout
from io import StringIO
import django
from django.core.management import call_command

django.setup()
printed = []
for name, *arguments in json.loads(sys.argv[1]):
    with redirect_stdout(StringIO()) as out:
        try:
            call_command(name, *arguments, stdout=out)
        except SystemExit:
            sys.stderr.write(out.getvalue())
            raise
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


def run_commands(code: Path, environment: Mapping[str, str], commands: Sequence[Sequence[str]]) -> list[str]:
    """Run these commands of the code in a folder, all in one process; return what each printed. They must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
    printed: list[str] = json.loads(done.stdout.splitlines()[-1])
    return printed


@dataclass(frozen=True, slots=True)
class Machine:
    """The code in a folder, its database, and its folders below `folder`; commands run as they do in production."""

    folder: Path
    url: str
    code: Path = ROOT

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        folders = {name: str(self.folder / name.lower()) for name in ("EVIDENCE_DIR", "ATTACHMENT_DIR", "REPORT_DIR")}
        own = {"DATABASE_URL": self.url, "SIDAK_VAR": str(self.folder / "var"), "REDIS_PREFIX": self.name}
        without = ("SECRET_KEY", "VAPID_PRIVATE_KEY")
        return {key: value for key, value in os.environ.items() if key not in without} | folders | own

    @property
    def name(self) -> str:
        """The name of the database."""
        return urlsplit(self.url).path.removeprefix("/")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run manage.py."""
        arguments = [sys.executable, "manage.py", *command, "--no-color"]
        return subprocess.run(
            arguments, cwd=self.code, env=self.environment(), capture_output=True, text=True, check=False
        )

    def succeed(self, *command: str) -> str:
        """Run manage.py, which must succeed, and return what it printed."""
        done = self.run(*command)
        assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def succeed_all(self, *commands: Sequence[str]) -> list[str]:
        """Run these commands of manage.py in one process, which takes less time; return what each printed."""
        return run_commands(self.code, self.environment() | {"DJANGO_SETTINGS_MODULE": "discipline.settings"}, commands)

    def rows(self) -> dict[str, list[dict[str, object]]]:
        """Return every row by its columns, of every table."""
        with psycopg.connect(self.url) as database:
            tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            read = sql.SQL("SELECT row_to_json(one) FROM {} one ORDER BY one::text")
            return {
                table: [row for (row,) in database.execute(read.format(sql.Identifier(table)))] for (table,) in tables
            }

    def lose_everything(self) -> None:
        """Empty the database and the folders."""
        create_database(self.name)
        for path in self.folder.iterdir():
            shutil.rmtree(path)
