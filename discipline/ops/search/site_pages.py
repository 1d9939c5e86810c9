"""The pages of the product that the search finds: by their titles, which are those of the navigation, or other words.

A page is found only by those who may open it; tests/discipline/ops/test_search.py opens each as each role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from discipline.incidents.case_file.finding import keeps_cases
from discipline.plans.closures.scope import may_ask_for
from offices.access.gate import Scope
from offices.places.search import search_text

LANGUAGES = ("id", "en")


def _inside(scope: Scope) -> bool:
    return not scope.empty


def _with_tasks(scope: Scope) -> bool:
    return not scope.empty or bool(scope.agencies)


def _signed_in(scope: Scope) -> bool:
    return not scope.empty or scope.sees_points


def _operators(scope: Scope) -> bool:
    return scope.operates


def _inspectors(scope: Scope) -> bool:
    return scope.inspects


def _overseers(scope: Scope) -> bool:
    return scope.operates or scope.inspects


def _city(scope: Scope) -> bool:
    return scope.city


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page: the name of its address, its title, other words for it in both languages, and for whom it is."""

    name: str
    title: Promise
    also: tuple[str, ...] = ()
    allows: Callable[[Scope], bool] = _inside
    query: str = ""

    @property
    def url(self) -> str:
        """The path, with the query string."""
        return reverse(self.name) + self.query

    @property
    def words(self) -> str:
        """What `matches` searches: the title in every language, and the other words."""
        return search_text(*in_languages(lambda: str(self.title)), *self.also)


SITE_PAGES = (
    SitePage("board", _("Pantauan"), ("papan", "beranda", "home", "dashboard")),
    SitePage("board", _("Peta"), query="?tampilan=peta"),
    SitePage("indications", _("Indikasi"), ("kotak masuk", "inbox", "pelanggaran", "keputusan", "decisions")),
    SitePage("city-incidents", _("Kejadian"), ("insiden", "incidents", "banjir", "112", "pengaduan"), _with_tasks),
    SitePage("queue", _("Antrean"), ("queue", "inbox", "ruang kendali"), _city),
    SitePage("city-incident-add", _("Buka kejadian"), ("lapor", "new incident"), _operators),
    SitePage("tasks", _("Tugas"), ("tugas lapangan", "field tasks", "dispatch"), _with_tasks),
    SitePage("complaints", _("Laporan warga"), ("aspirasi", "pengaduan", "residents reports")),
    SitePage(
        "case-files",
        _("Berkas pelanggaran"),
        ("yustisi", "perda", "case files"),
        keeps_cases,
    ),
    SitePage("duty", _("Siapa yang jaga"), ("giliran jaga", "shift", "regu", "on duty"), _city),
    SitePage("handovers", _("Serah terima"), ("handover",), _city),
    SitePage("log-book", _("Buku jaga"), ("log book", "catatan"), _city),
    SitePage("daily-reports", _("Laporan harian"), ("daily reports",), _city),
    SitePage("room", _("Ruang kendali"), ("kunjungan", "tamu", "control room"), _city),
    SitePage("incident-numbers", _("Angka penanganan kejadian"), ("statistik", "waktu tanggap", "response"), _city),
    SitePage("reports", _("Laporan"), ("peringkat", "ranking", "rekap", "unduh", "download")),
    SitePage(
        "signatures",
        _("Tanda tangan laporan bulanan"),
        ("sign the month",),
        lambda scope: scope.city or bool(scope.kecamatan),
    ),
    SitePage("spot-checks", _("Inspeksi"), ("sidak", "inspeksi mendadak", "round")),
    SitePage("spot-check-statistics", _("Rekap inspeksi")),
    SitePage("findings", _("Temuan inspeksi")),
    SitePage("hours", _("Jam layanan"), ("jam kerja", "jadwal", "opening hours", "schedule")),
    SitePage("holidays", _("Hari libur"), ("cuti bersama", "tanggal merah")),
    SitePage("closures", _("Penutupan"), ("izin", "apel", "rapat", "posyandu", "dinas luar")),
    SitePage("closure-ask", _("Ajukan penutupan"), allows=lambda scope: bool(may_ask_for(scope))),
    SitePage("closure-enter", _("Catat penutupan"), allows=lambda scope: scope.operates or bool(scope.kecamatan)),
    SitePage("hours-history", _("Riwayat jam layanan")),
    SitePage("wall", _("Layar pantau"), ("dinding", "monitor", "live", "langsung")),
    SitePage("notices", _("Pemberitahuan"), ("notifikasi", "surel", "email", "telegram", "whatsapp"), _signed_in),
    SitePage(
        "account", _("Akun saya"), ("akun saya", "profil", "perangkat", "devices", "sesi", "salinan data"), _signed_in
    ),
    SitePage("tour", _("Perkenalan"), ("tur", "tour", "mulai", "bantuan", "help")),
    SitePage("terms", _("Istilah"), ("glosarium", "glossary", "arti", "kamus", "bantuan", "help"), _signed_in),
    SitePage("account_change_password", _("Ganti sandi"), ("kata sandi", "password"), _signed_in),
    SitePage("mfa_index", _("Langkah kedua"), ("passkey", "kode cadangan", "recovery codes", "2fa"), _signed_in),
    SitePage("points", _("Titik"), ("titik cctv", "jalan", "street points"), lambda scope: scope.sees_points),
    SitePage("point-add", _("Tambah titik"), (), _operators),
    SitePage("point-import", _("Impor titik dari CSV"), ("unggah titik",), _operators),
    SitePage("agencies", _("Instansi"), ("opd", "dinas", "agencies"), _operators),
    SitePage("cameras", _("Kamera"), ("cctv",), _operators),
    SitePage("camera-add", _("Tambah kamera"), ("rtsp",), _operators),
    SitePage("camera-search", _("Cari kamera"), ("onvif",), _operators),
    SitePage("camera-import", _("Impor kamera dari CSV"), (), _operators),
    SitePage("incidents", _("Gangguan sistem"), ("insiden",), _operators),
    SitePage(
        "users", _("Pengguna"), ("users", "accounts", "undangan", "lupa sandi", "reset", "serah terima"), _operators
    ),
    SitePage("user-add", _("Undang pengguna"), ("tambah pengguna", "akun baru"), _operators),
    SitePage("setup", _("Persiapan"), ("setup", "checklist", "kesiapan", "langkah pertama", "first steps"), _city),
    SitePage("integrations", _("Integrasi"), ("api", "webhook", "token"), _overseers),
    SitePage("retention", _("Masa simpan bukti"), ("retensi", "pemusnahan"), _overseers),
    SitePage("recording-forecast", _("Rekaman"), ("recording", "perkiraan ruang", "disk", "dvr", "nvr"), _overseers),
    SitePage("evidence-chain", _("Rantai bukti"), ("periksa bukti", "verify"), _inspectors),
    SitePage("evidence-openings", _("Pembukaan bukti asli"), ("originals",), _inspectors),
    SitePage("footage-copies", _("Salinan gambar"), ("pdp",), _inspectors),
    SitePage("views", _("Log akses kamera"), ("audit", "jejak"), _inspectors),
    SitePage("file-log", _("Log akses berkas"), ("audit", "jejak"), _inspectors),
    SitePage("rights-log", _("Log hak akses"), ("audit", "jejak"), _inspectors),
)


def in_languages(text: Callable[[], Any]) -> list[str]:
    """Return what `text` returns in the reader's language and in the others: people type both."""
    found = [str(text())]
    for language in LANGUAGES:
        if language != get_language():
            with override(language):
                found.append(str(text()))
    return found
