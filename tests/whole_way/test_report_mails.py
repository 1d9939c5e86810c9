"""From beat's task to the mail server through a real Celery worker: once, however often the task is sent."""

import subprocess
import sys
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from discipline.celery import app
from discipline.reports.mail.models import ReportMail
from discipline.reports.numbers import rollups
from offices.hours.models import HoursPlan
from offices.hours.schedule import local_day
from tests.support.attendance import staffed
from tests.support.base import World
from tests.support.mail_server import mail_server
from tests.support.paths import ROOT
from tests.support.processes import environment
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0


def test_a_camat_gets_the_last_day_once_though_the_beat_spoke_thrice() -> None:
    world = World()
    HoursPlan.objects.update(on_holidays=True)  # the test may run on a holiday
    type(world.budi).objects.filter(pk=world.budi.pk).update(email="budi@example.test")
    today = local_day(timezone.now())
    for ago in range(1, 4):
        staffed(world.counter(world.ilir35), today - timedelta(days=ago), away=("10:00", "10:18"))
    rollups.bring_up_to_date(timezone.now())
    with mail_server() as server:
        command = [sys.executable, "-m", "celery", "-A", "discipline.celery:app", "worker"]
        command += ["--pool", "threads", "--concurrency", "2", "--without-mingle", "--without-gossip"]
        its_own = environment(EMAIL_URL=f"smtp://127.0.0.1:{server.port}", SITE_URL="https://sidak.example")
        for _ in range(3):
            app.send_task("discipline.tasks.mail_reports")
        worker = subprocess.Popen(command, cwd=ROOT, env=its_own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            own = ReportMail.objects.filter(user=world.budi)
            wait_until(lambda: own.exists() and not own.filter(ended_at=None).exists(), PATIENCE_S)
        finally:
            worker.kill()
            worker.wait()
    subjects = [mail["Subject"].strip() for mail in server.got if mail["To"] == "budi@example.test"]
    assert len([one for one in subjects if one.startswith("Laporan harian Kecamatan Ilir Barat II, ")]) == 1
    assert len(set(subjects)) == len(subjects)
    mail = server.got[0]
    assert "<https://sidak.example/pemberitahuan/laporan/berhenti/" in mail["List-Unsubscribe"]
    paper = PdfReader(BytesIO(next(mail.iter_attachments()).get_content()))
    assert "Laporan kehadiran loket" in paper.pages[0].extract_text()
