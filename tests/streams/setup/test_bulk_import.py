"""Importing cameras from a sheet as Excel, LibreOffice or a script writes it."""

import io
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from offices.city import sheets
from streams.cameras.models import Camera
from streams.setup import bulk_import

pytest_plugins = ["tests.support.cameras"]

pytestmark = pytest.mark.django_db

HEADER = "kode_kelurahan,nama,alamat_rtsp,pengguna,sandi\n"
GOOD = "16.71.01.1001,Meja depan,rtsp://10.1.0.1/a,sidak,rahasia-impor\n"


def upload(client: Client, content: str | bytes) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = io.BytesIO(raw)
    file.name = "kamera.csv"
    return client.post("/kamera/impor/", {"file": file})


def check(raw: bytes) -> bulk_import.ImportPlan:
    rows = sheets.read_rows(sheets.read_text(raw), bulk_import.CAMERAS)
    return bulk_import.check_rows(bulk_import.camera_rows(rows))


def test_nothing_is_saved_before_the_dry_run_is_approved(ani: Client) -> None:
    page = upload(ani, HEADER + GOOD)
    assert page.context["good"] == 1
    assert not Camera.objects.exists()
    ani.post("/kamera/impor/simpan/")
    camera = Camera.objects.get()
    assert camera.full_url == "rtsp://sidak:rahasia-impor@10.1.0.1/a"


def test_passwords_are_neither_in_the_page_nor_readable_in_the_session(ani: Client) -> None:
    assert "rahasia-impor" not in upload(ani, HEADER + GOOD).content.decode()
    assert all("rahasia-impor" not in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("99.99.99.9999,Pintu,rtsp://10.1.0.2/a,,", "99.99.99.9999 tidak dikenal"),
        (",Pintu,rtsp://10.1.0.2/a,,", "Kode kelurahan kosong"),
        ("16.71.01.1001,,rtsp://10.1.0.2/a,,", "Nama kamera kosong"),
        ("16.71.01.1001,Pintu,http://10.1.0.2/a,,", "rtsp://alamat:port/jalur"),
        ("16.71.01.1001,Pintu,rtsp://a:b@10.1.0.2/a,,", "bukan di dalam alamat"),
        ("16.71.01.1001,Pintu,rtsp://10.1.0.2/a,,x", "tanpa nama pengguna"),
        ("16.71.01.1001,meja DEPAN,rtsp://10.1.0.2/a,,", "baris 2"),
        ("16.71.01.1001,Pintu,rtsp://10.1.0.1/a,,", "baris 2"),
        ("16.71.01.1001,Pintu,rtsp://10.1.0.1:554/a,,", "baris 2"),
        ("16.71.01.1001,Pintu,rtsp://10.1.0.2/a,,x,y", "terlalu banyak"),
        (f"16.71.01.1001,{'x' * 61},rtsp://10.1.0.2/a,,", "Nama"),
    ],
)
def test_a_bad_row_is_listed_with_its_line_and_the_good_ones_go_on(ani: Client, line: str, words: str) -> None:
    page = upload(ani, HEADER + GOOD + "\n" + line + "\n")
    [(row, problems)] = page.context["plan"].bad
    assert row.line == 4  # an empty line counts, as in an editor
    assert words in " ".join(problems)
    assert "a:b@" not in page.content.decode()
    ani.post("/kamera/impor/simpan/")
    assert Camera.objects.count() == 1


def test_a_line_number_counts_what_stands_above_the_column_names(ani: Client) -> None:
    page = upload(ani, "sep=,\nDAFTAR KAMERA\n" + HEADER + GOOD + "99.99.99.9999,Pintu,rtsp://10.1.0.2/a,,\n")
    assert [row.line for row, _problems in page.context["plan"].bad] == [5]
    assert [row.line for row, _camera in page.context["plan"].good] == [4]


def test_a_password_is_taken_as_it_stands_and_its_spaces_are_pointed_out(ani: Client) -> None:
    page = upload(ani, HEADER + GOOD.replace("rahasia-impor", '" rahasia,"'))
    assert "termasuk spasi" in page.content.decode()
    ani.post("/kamera/impor/simpan/")
    assert Camera.objects.get().password == " rahasia,"


def test_a_small_stream_may_stand_in_a_column_of_its_own_and_comes_from_the_same_device(ani: Client) -> None:
    head = HEADER.strip() + ",alamat_kecil\n"
    rows = [
        f"16.71.01.1001,{n},rtsp://10.1.0.{n}/a,sidak,rahasia,{sub}\n" for n, sub in ((1, "rtsp://10.1.0.1/b"), (2, ""))
    ]
    page = upload(ani, head + "".join(rows) + "16.71.01.1001,3,rtsp://10.1.0.3/a,sidak,rahasia,rtsp://10.9.9.9/b\n")
    [(_row, problems)] = page.context["plan"].bad
    assert "perangkat dan port yang sama" in " ".join(problems)
    ani.post("/kamera/impor/simpan/")
    one, two = Camera.objects.order_by("name")
    assert one.address("sub") == "rtsp://sidak:rahasia@10.1.0.1/b"
    assert two.address("sub") == two.full_url == "rtsp://sidak:rahasia@10.1.0.2/a"


def test_a_camera_that_is_already_there_is_not_made_twice(ani: Client) -> None:
    upload(ani, HEADER + GOOD)
    ani.post("/kamera/impor/simpan/")
    page = upload(ani, HEADER + GOOD)
    [(_row, problems)] = page.context["plan"].bad
    assert "sudah tersimpan" in " ".join(problems)


@pytest.mark.parametrize(
    "raw",
    [
        ("\ufeff" + HEADER + GOOD).encode(),
        (HEADER + GOOD).replace(",", ";").replace("\n", "\r\n").encode(),
        (HEADER + GOOD).replace(",", "\t").encode("utf-16"),
        (b"sandi,pengguna,alamat_rtsp,nama,Kode Kelurahan\nrahasia,sidak,rtsp://10.1.0.1/a,Meja depan,16.71.01.1001"),
        ("\n\n" + HEADER + GOOD.replace("Meja depan", '"Meja, depan"')).encode(),
        (HEADER + GOOD.replace("Meja", "Café")).encode("cp1252"),
        ("sep=;\r\n" + (HEADER + GOOD).replace(",", ";")).encode(),
        ("DAFTAR KAMERA CCTV;;;;\n;;;;\n" + (HEADER + GOOD).replace(",", ";")).encode(),
        (HEADER + GOOD).replace(",", "|").encode(),
        (HEADER + GOOD).encode("utf-16-le"),
        (HEADER + GOOD.replace("16.71", "'16.71").replace("/a", "/a\u200b")).encode(),
        (HEADER + GOOD.replace("rtsp", "Rtsp")).encode(),
    ],
    ids=[
        *("bom", "semicolons", "utf-16 tabs", "other order", "quoted comma", "cp1252", "separator hint", "title"),
        *("pipes", "utf-16 without a mark", "Excel's apostrophe, zero-width space", "capital"),
    ],
)
@pytest.mark.usefixtures("office")
def test_sheets_of_every_office_suite_are_read(raw: bytes) -> None:
    plan = check(raw)
    assert [camera.url for _row, camera in plan.good] == ["rtsp://10.1.0.1/a"]
    assert not plan.bad


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "kosong"),
        (b" \n ", "kosong"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "bukan CSV"),
        (b"halo dunia\napa kabar\n", "bukan CSV"),
        (b"kode_kelurahan,nama\n1,2\n", "alamat_rtsp"),
        (HEADER.encode(), "hanya berisi judul"),
        (HEADER.encode() + b'16.71.01.1001,"Pintu,rtsp://x/,,\n', "tanda kutip"),
        (b"x" * (sheets.LARGEST + 1), "1 MB"),
        (b"nama,nama,kode_kelurahan,alamat_rtsp\na,b,c,d\n", "dua kali"),
    ],
)
def test_a_file_that_is_no_sheet_of_cameras_is_refused_kindly(ani: Client, raw: bytes, words: str) -> None:
    page = upload(ani, raw)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_approving_twice_or_without_a_file_asks_for_it_again(ani: Client) -> None:
    page = ani.post("/kamera/impor/simpan/", follow=True)
    assert "Unggah lagi" in page.content.decode()


@pytest.mark.usefixtures("office")
def test_the_template_can_be_filled_in_and_uploaded(ani: Client) -> None:
    raw = ani.get("/kamera/impor/contoh.csv").content
    plan = check(raw)
    assert len(plan.good) == 1
