"""The operator's page of cameras: trouble first, tickets, notes, and the watch processes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from offices.places.models import Counter
from streams.cameras.models import Watcher, Zone
from streams.cameras.troubles.models import CameraNote, CameraTrouble
from streams.setup.troubles.views import A_PAGE
from tests.support.camera_reports import camera_of, forget_reports, report, watching
from tests.support.cameras import SQUARE, palembang_office, signed_in


@pytest.fixture(autouse=True)
def no_reports() -> Any:
    forget_reports()
    yield
    forget_reports()


@pytest.fixture
def office(db: None) -> Any:
    del db  # requested for its effect
    return palembang_office()


@pytest.fixture
def ani(office: Any) -> Client:
    del office  # requested for its effect
    return signed_in("ani", role="operator")


def text(client: Client, address: str = "/kamera/") -> str:
    return " ".join(client.get(address).content.decode().split())


def test_an_empty_city_invites_the_first_camera(ani: Client) -> None:
    assert "Belum ada kamera. Tambahkan kamera pertama" in text(ani)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Daring"),
        ({"reason": "dark", "on_duty": False}, "Terlalu gelap untuk menilai, di luar jam layanan."),
        ({"reason": "frozen"}, "Gambar membeku"),
        ({"reason": "moved"}, "Arah kamera berubah"),
        ({"state": "offline", "problem": "unauthorized"}, "Nama pengguna atau sandi salah"),
        ({"state": "offline", "problem": "refused", "reason": "offline"}, "Perangkat menolak sambungan"),
        ({"state": "opening", "reason": "stale"}, "Gambar tidak baru"),
        ({"state": "opening", "picture_at": None}, "Menyambung"),
        ({"at": "2026-01-01T00:00:00+00:00"}, "Belum dibuka"),
        ({"warnings": ["long_gop"], "gop": 150, "gop_s": 10.0}, "Perlu disetel"),
    ],
)
def test_each_camera_says_how_it_does(ani: Client, office: Any, changes: dict[str, Any], words: str) -> None:
    report(camera_of(office), **changes)
    assert words in text(ani, "/kamera/?keadaan=semua")


def test_figures_of_a_camera_are_on_its_page(ani: Client, office: Any) -> None:
    camera = camera_of(office)
    minutes_ago = (datetime.now(UTC) - timedelta(minutes=3)).isoformat()
    report(camera, picture_at=minutes_ago, reconnects=41, warnings=["h265"])
    page = text(ani, f"/kamera/{camera.pk}/")
    for figure in ("3 menit lalu", "H.264 640×360", "30 gambar, 2 detik", ">41<", ">7<", ">satu<", "memakai H.265"):
        assert figure in page


def shown(client: Client, address: str = "/kamera/") -> list[tuple[str, list[str]]]:
    """Return the headings with the names of their cameras."""
    found = client.get(address).context["found"]
    return [(group.first.state, [row.condition.camera.name for row in group.rows]) for group in found]


def test_troubled_cameras_are_grouped_by_cause_and_the_longest_come_first(ani: Client, office: Any) -> None:
    now = datetime.now(UTC)
    troubles = (("A", "timeout", 5), ("B", "not_rtsp", 90), ("C", "timeout", 60), ("D", "timeout", None))
    for name, problem, minutes in troubles:
        camera = camera_of(office, name)
        report(camera, state="offline", problem=problem)
        if minutes:
            since = now - timedelta(minutes=minutes)
            CameraTrouble.objects.create(camera=camera, cause=problem, since=since)
    report(camera_of(office, "Aman"))
    silent = ("Tidak ada jawaban dalam 10 detik", ["C", "A", "D"])
    assert shown(ani) == [("Bukan layanan RTSP", ["B"]), silent]
    page = text(ani)
    assert "Bukan layanan RTSP</a>: 1" in page
    assert "<strong>1 jam 30 menit</strong>" in page
    assert "1 kamera daring" in page
    assert shown(ani, "/kamera/?keadaan=baik") == [("Daring", ["Aman"])]
    assert shown(ani, "/kamera/?sebab=timeout") == [silent]
    assert len(shown(ani, "/kamera/?keadaan=semua&kecamatan=16.71.01")) == 3
    assert not shown(ani, "/kamera/?keadaan=semua&kecamatan=16.71.02")
    assert "Tidak ada kamera yang cocok" in text(ani, "/kamera/?keadaan=mati")


def test_a_long_list_has_pages_and_headings_count_all_of_them(ani: Client, office: Any) -> None:
    for number in range(A_PAGE + 2):
        report(camera_of(office, f"Kamera {number:02}"), state="offline", problem="timeout")
    [(_cause, names)] = shown(ani, "/kamera/?hal=2")
    assert len(names) == 2
    assert f"Tidak ada jawaban dalam 10 detik</a>: {A_PAGE + 2}" in text(ani, "/kamera/?hal=2")
    assert "?keadaan=gangguan&amp;hal=1" in text(ani, "/kamera/?hal=2")


def test_what_an_operator_did_is_seen_by_the_next_and_ends_with_the_trouble(ani: Client, office: Any) -> None:
    camera = camera_of(office)
    report(camera, state="offline", problem="timeout")
    trouble = CameraTrouble.objects.create(camera=camera, cause="timeout", since=datetime.now(UTC))
    assert "Belum dilihat" in text(ani)
    ani.post(f"/kamera/{camera.pk}/catatan/", {"kind": "seen"})
    assert "Dilihat</span>" in text(ani)
    ani.post(f"/kamera/{camera.pk}/catatan/", {"kind": "called", "text": "Teknisi datang pukul 14"})
    bela = signed_in("bela", role="operator")
    page = text(bela)
    assert "Ditelepon</span>" in page
    assert "Teknisi datang pukul 14" in page
    assert "Sudah ditelepon: Teknisi datang pukul 14" in text(bela, f"/kamera/{camera.pk}/")
    CameraTrouble.objects.filter(pk=trouble.pk).update(ended_at=datetime.now(UTC))
    report(camera)
    assert "Teknisi" not in text(bela, "/kamera/?keadaan=semua")
    past = text(bela, f"/kamera/{camera.pk}/").split('id="past-title"')[1]
    assert "Teknisi datang pukul 14" in past


def test_planned_work_has_an_end_and_can_be_ended_before(ani: Client, office: Any) -> None:
    camera = camera_of(office)
    later = timezone.localtime(timezone.now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    address = f"/kamera/{camera.pk}/catatan/"
    for until in ("", "besok", "2020-01-01T08:00", "2090-01-01T08:00"):
        answer = ani.post(address, {"kind": "planned", "text": "Pindah rak", "until": until})
        assert answer.status_code == 422
        assert "Pindah rak" in answer.content.decode()
        assert "field-error" in answer.content.decode()
    assert ani.post(address, {"kind": "note", "text": ""}).status_code == 422
    assert ani.post(address, {"kind": "shift", "text": "x"}).status_code == 422
    assert not CameraNote.objects.exists()
    assert ani.post(address, {"kind": "planned", "text": "Pindah rak", "until": later}).status_code == 302
    assert "Pekerjaan terencana sampai" in text(ani, "/kamera/?keadaan=semua")
    ani.post(address, {"kind": "resumed"})
    assert "Pekerjaan terencana sampai" not in text(ani, "/kamera/?keadaan=semua")


def test_a_note_reaches_the_next_shift(ani: Client, office: Any) -> None:
    camera_of(office)
    assert ani.post("/kamera/catatan-shift/", {"text": "x" * 501}).status_code == 422
    ani.post("/kamera/catatan-shift/", {"text": "Telkom: serat putus di Kertapati"})
    ani.post("/kamera/catatan-shift/", {"text": "Serat tersambung lagi"})
    page = text(signed_in("bela", role="operator"))
    assert page.index("Serat tersambung lagi") < page.index("Telkom: serat putus")


def test_the_refresh_gets_only_its_part(ani: Client, office: Any) -> None:
    camera_of(office)
    part = ani.get("/kamera/", headers={"HX-Request": "true", "HX-Target": "kamera"}).content.decode()
    assert part.startswith('<div id="kamera"')
    assert "<html" not in part
    back = ani.get("/kamera/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).content.decode()
    assert "<html" in back


def test_the_page_takes_as_many_queries_for_a_hundred_cameras_as_for_one(
    ani: Client, office: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(100):
        camera = camera_of(office, f"Kamera {number}")
        counter = Counter.objects.create(kelurahan=office, name=f"Loket {number}")
        Zone.objects.create(camera=camera, subject=counter.subject, polygon=SQUARE)
    with django_assert_max_num_queries(17):
        ani.get("/kamera/")


def test_the_operator_sees_that_the_disk_takes_no_evidence(ani: Client, office: Any) -> None:
    camera_of(office)
    watching(name="mati", seen_at=datetime.now(UTC) - timedelta(minutes=5), evidence_problem="Permission denied")
    living = watching()
    assert "menyimpan bukti" not in text(ani)
    Watcher.objects.filter(pk=living.pk).update(evidence_problem="No space left on device", evidence_lost=31)
    assert "satu tidak dapat menyimpan bukti: No space left on device" in text(ani)
    assert "31 bukti terlewat" in text(ani)


def test_watch_processes_are_listed_with_their_share(ani: Client, office: Any) -> None:
    camera_of(office)
    assert "manage.py watch" in text(ani)  # no watch runs: the page says how to start one
    watching(name="komandan:1", cameras=54)
    watching(name="cadangan:2", seen_at=datetime.now(UTC) - timedelta(minutes=9))
    page = text(ani)
    assert "komandan:1" in page
    assert "54 kamera · 12 pengamatan per menit" in page
    assert "Tidak terdengar sejak 9 menit lalu" in page
