"""The copy of what is stored about an account."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.models import Field
from django.test import Client

from discipline.alerts.models import Decision
from discipline.core import attachments
from discipline.disclosure.account_table import ACCOUNT_ROWS
from offices.access.models import FileAccess
from offices.accounts.models import SignIn
from streams.live import access_log
from streams.live.models import View
from streams.servers.locks import Lock
from tests.support.base import MORNING, PASSWORD, OfficeTestCase

OWN = "/akun/salinan/"
PDF = b"%PDF-1.4\n%%EOF\n"
REASON = "Surat nomor 12 tanggal 23 November 2026"
# Joins of tables that are in the copy by what they join.
JOINS = {("auth.User_groups", "user"), ("auth.User_user_permissions", "user")}


def archive_of(answer: Any) -> ZipFile:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    return ZipFile(BytesIO(answer.getvalue()))


def rows_of(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(archive.read(f"{name}.json"))
    return rows


def relations_to_users() -> Iterator[tuple[str, str]]:
    """Yield model and field of every relation to an account in the database."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.related_model is User and not field.many_to_many:
                yield model._meta.label, field.name


class AccountCopies(OfficeTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.world.dewi)

    def explain(self, user: User, text: str) -> Decision:
        alert = self.world.accuse(self.world.counter(self.world.ilir35, 1 + Decision.objects.count()))
        letter = attachments.store_attachment(SimpleUploadedFile("surat.pdf", PDF), user.pk)
        return Decision.objects.create(
            alert=alert,
            at=MORNING,
            by=user,
            role="lurah",
            what="explained",
            reason="sakit",
            text=text,
            attachment=letter,
        )

    def test_every_relation_to_an_account_is_in_the_table(self) -> None:
        covered = {(part.model, path.split("__")[0]) for part in ACCOUNT_ROWS for path in part.by}
        missing = set(relations_to_users()) - covered - JOINS
        assert missing == set(), "say in discipline/disclosure/account_table.py what a copy holds of these"

    def test_no_secret_is_in_the_table(self) -> None:
        secret = {"password", "data", "auth", "p256dh", "endpoint", "secret", "token_sha256", "session_key", "token"}
        columns = {path.split("__")[-1] for part in ACCOUNT_ROWS for path in part.columns.split()}
        assert not columns & secret

    def test_it_holds_ones_own_rows_and_nobody_elses(self) -> None:
        own = self.explain(self.world.dewi, "Petugas sakit, tidak ada pengganti")
        self.explain(self.world.eko, "Rahasia lurah lain")
        camera = self.world.cameras[self.world.ilir35.pk]
        access_log.open_view(self.world.dewi, camera, View.Why.ROUTINE, MORNING)
        Client().post("/masuk/", {"login": "dewi", "password": "bukan-sandinya"})
        Client().post("/masuk/", {"login": "eko", "password": "bukan-sandinya"})
        archive = archive_of(self.client.post(OWN))
        (account,) = rows_of(archive, "akun")
        assert account["username"] == "dewi"
        assert rows_of(archive, "peran") == [
            {
                "role": "lurah",
                "role_label": "Lurah",
                "kecamatan.name": None,
                "kelurahan.name": "35 Ilir",
                "agency.name": None,
            }
        ]
        (told,) = rows_of(archive, "keputusan")
        assert (told["text"], told["at"]) == (own.text, "2026-11-23T09:00:00+07:00")
        assert (told["reason"], told["reason_label"]) == ("sakit", "Sakit")
        assert told["alert.counter.kelurahan.name"] == "35 Ilir"
        (view,) = rows_of(archive, "melihat-kamera")
        assert view["offices"] == ["35 Ilir"]
        tried = [row["outcome"] for row in rows_of(archive, "percobaan-masuk")]
        assert sorted(tried) == [SignIn.Outcome.SIGNED_IN, SignIn.Outcome.WRONG]
        assert archive.read(f"lampiran/{own.attachment_id}-surat.pdf") == PDF
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert "Rahasia lurah lain" not in everything
        assert self.world.dewi.password not in everything

    def test_the_index_names_each_file_with_its_rows(self) -> None:
        self.explain(self.world.dewi, "Petugas sakit")
        archive = archive_of(self.client.post(OWN))
        index = archive.read("indeks.html").decode()
        assert '<html lang="id">' in index
        assert '<tr><td>Penjelasan dan keputusan tentang indikasi</td><td>1</td><td><a href="keputusan.json">' in index
        listed = {f"{part.name}.json" for part in ACCOUNT_ROWS}
        assert listed == {name for name in archive.namelist() if name.endswith(".json")}
        assert all(name in index for name in listed)

    def test_an_attachment_that_is_missing_on_the_disk_is_named(self) -> None:
        own = self.explain(self.world.dewi, "Petugas sakit")
        assert own.attachment
        attachments.delete_file(own.attachment)
        archive = archive_of(self.client.post(OWN))
        assert "tidak ada lagi di server: surat.pdf" in archive.read("indeks.html").decode()

    def test_each_copy_has_its_line_in_the_log_and_names_its_maker_in_the_next(self) -> None:
        ani = Client()
        ani.force_login(self.world.ani)
        made = ani.post(f"{OWN}{self.world.dewi.pk}/", {"reason": REASON})
        assert f"Dibuat oleh ani atas permohonan: {REASON}" in archive_of(made).read("indeks.html").decode()
        archive = archive_of(self.client.post(OWN))
        lines = FileAccess.objects.filter(kind=FileAccess.Kind.COPY).order_by("pk")
        assert [(line.user, line.title) for line in lines] == [
            (self.world.ani, f"Salinan data akun dewi: {REASON}"),
            (self.world.dewi, "Salinan data akun dewi"),
        ]
        told = rows_of(archive, "salinan-tentang-akun-ini")
        assert [row["user.username"] for row in told] == ["ani", "dewi"]
        self.client.post(OWN)
        assert lines.all().count() == 3

    def test_without_a_reason_there_is_no_copy_of_somebody_else(self) -> None:
        self.client.force_login(self.world.ani)
        answer = self.client.post(f"{OWN}{self.world.dewi.pk}/", {"reason": "surat"})
        self.assertContains(answer, "sedikitnya 10 huruf", status_code=422)
        assert not FileAccess.objects.filter(kind=FileAccess.Kind.COPY).exists()

    def test_an_operator_copies_the_data_of_those_who_left_but_not_of_the_inspectorate(self) -> None:
        self.client.force_login(self.world.ani)
        self.world.dewi.is_active = False
        self.world.dewi.save()
        self.assertContains(self.client.get(f"/pengguna/{self.world.dewi.pk}/"), f'href="{OWN}{self.world.dewi.pk}/"')
        archive_of(self.client.post(f"{OWN}{self.world.dewi.pk}/", {"reason": REASON}))
        assert self.client.get(f"{OWN}{self.world.intan.pk}/").status_code == 404
        self.client.force_login(User.objects.create_superuser("super", password=PASSWORD))
        archive_of(self.client.post(f"{OWN}{self.world.intan.pk}/", {"reason": REASON}))

    def test_one_copy_is_written_at_a_time(self) -> None:
        other = connections["default"].copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.COPY_ACCOUNT.value])
            answer = self.client.post(OWN, follow=True)
            self.assertContains(answer, "Salinan lain sedang dibuat. Coba lagi sebentar.")
        finally:
            other.close()
        assert not FileAccess.objects.filter(kind=FileAccess.Kind.COPY).exists()
        archive_of(self.client.post(OWN))
