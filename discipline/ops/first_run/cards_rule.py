"""The three cards that each role sees after its first sign-in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class TourCard:
    """One card. `to` is the name of the page that it leads to, `icon` an id of sprite.html."""

    title: Any
    text: Any
    to: str
    icon: str


# By code of the role.
CARDS: Mapping[str, Sequence[TourCard]] = {
    "mayor": (
        TourCard(
            _("Seluruh kota sekarang"),
            _("Pantauan menunjukkan keadaan setiap kantor. Abu-abu berarti tidak terpantau, bukan kosong."),
            "board",
            "i-board",
        ),
        TourCard(
            _("Inspeksi dari ponsel"),
            _("Periksa beberapa kantor lewat kamera langsung. Camat dan lurah menjawab temuannya."),
            "spot-checks",
            "i-check",
        ),
        TourCard(
            _("Siapa yang membaik"),
            _("Laporan membandingkan kantor per minggu dan per bulan. Yang dihitung loket, bukan orang."),
            "reports",
            "i-report",
        ),
    ),
    "operator": (
        TourCard(
            _("Siapkan kota"),
            _("Persiapan menunjukkan kantor mana yang belum punya akun, kamera atau zona."),
            "setup",
            "i-settings",
        ),
        TourCard(
            _("Rawat kamera"),
            _("Kamera yang terganggu ada di atas, yang terlama lebih dahulu, dengan penyebabnya."),
            "cameras",
            "i-camera",
        ),
        TourCard(
            _("Undang pengguna"),
            _("Setiap orang membuat sandinya sendiri lewat tautan. Akun diserahterimakan bila pejabat berganti."),
            "users",
            "i-person",
        ),
    ),
    "inspector": (
        TourCard(
            _("Bukti asli"),
            _("Wajah pada bukti dikaburkan. Anda dapat membuka aslinya dengan alasan; setiap pembukaan tercatat."),
            "evidence-openings",
            "i-evidence",
        ),
        TourCard(
            _("Rantai bukti"),
            _("Periksa kapan saja bahwa tidak ada bukti yang diubah atau dihapus."),
            "evidence-chain",
            "i-check",
        ),
        TourCard(
            _("Siapa melihat apa"),
            _("Log akses mencatat siapa melihat kamera dan membuka berkas, kapan, dan mengapa."),
            "views",
            "i-log",
        ),
    ),
    "camat": (
        TourCard(
            _("Putuskan indikasi"),
            _(
                "Baca penjelasan lurah, lalu nyatakan benar kosong atau beri izin. Keputusan dapat diurungkan "
                "selama 10 menit."
            ),
            "indications",
            "i-flag",
        ),
        TourCard(
            _("Setujui penutupan"),
            _("Apel atau posyandu? Penutupan yang Anda setujui lebih dahulu tidak menjadi indikasi."),
            "closures",
            "i-hours",
        ),
        TourCard(
            _("Tanda tangani laporan"),
            _("Setiap bulan Anda memeriksa dan menandatangani laporan kecamatan."),
            "signatures",
            "i-report",
        ),
    ),
    "lurah": (
        TourCard(
            _("Kantor Anda sekarang"),
            _("Pantauan menunjukkan loket Anda sama seperti yang dilihat camat dan Wali Kota."),
            "board",
            "i-board",
        ),
        TourCard(
            _("Jelaskan indikasi"),
            _("Loket kosong yang melewati masa toleransi menjadi indikasi. Tulis alasannya, dengan surat bila ada."),
            "indications",
            "i-flag",
        ),
        TourCard(
            _("Ajukan penutupan"),
            _("Ada apel, posyandu atau acara? Ajukan sebelum dimulai, supaya tidak menjadi indikasi."),
            "closure-ask",
            "i-hours",
        ),
    ),
}


def cards_of(*, operates: bool, inspects: bool, city: bool, kecamatan: bool) -> Sequence[TourCard]:
    """Return the cards of the widest of a user's roles."""
    if operates:
        return CARDS["operator"]
    if inspects:
        return CARDS["inspector"]
    if city:
        return CARDS["mayor"]
    return CARDS["camat" if kecamatan else "lurah"]
