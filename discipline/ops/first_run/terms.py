"""The words of the product, for the page *Istilah*. Words that the code has elsewhere are taken from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.alerts.words import KINDS
from discipline.spotchecks.models import SpotMark
from discipline.staffing.alert_kinds import AlertKind
from discipline.staffing.models import StandingState
from discipline.staffing.words import GROUPS


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means. `anchor` is its place on the page, `shape` the state whose symbol it has, or ""."""

    anchor: str
    word: Any
    text: Any
    shape: str = ""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The words of one part of the product."""

    anchor: str
    title: Any
    terms: Sequence[Term]


STATES = TermGroup(
    "keadaan",
    _("Keadaan loket"),
    (
        Term(
            "ada-petugas",
            StandingState.STAFFED.label,
            _("Kamera melihat cukup petugas di sisi petugas loket itu."),
            "staffed",
        ),
        Term(
            "masa-toleransi",
            StandingState.GRACE.label,
            _("Loket kosong, tetapi masa toleransi belum habis. Belum ada indikasi."),
            "grace",
        ),
        Term(
            "kosong",
            StandingState.ABSENT.label,
            _(
                "Pada jam layanan tidak ada petugas terlihat, lebih lama daripada masa toleransi. Waktunya dihitung "
                "sejak loket mulai kosong."
            ),
            "absent",
        ),
        Term(
            "tidak-terpantau",
            StandingState.UNKNOWN.label,
            _("Kamera tidak dapat melihat loket. Waktu ini tidak pernah dihitung sebagai kosong."),
            "unknown",
        ),
        Term(
            "tidak-dinilai",
            GROUPS["system"],
            _(
                "Di Pantauan: sistem sedang terganggu, jadi tidak ada kantor yang dinilai. Di laporan: cakupannya "
                "terlalu kecil untuk sebuah angka."
            ),
            "unknown",
        ),
        Term(
            "di-luar-jam-layanan",
            StandingState.CLOSED.label,
            _("Loket tidak harus dijaga: belum atau lewat jam layanan, hari libur, atau penutupan yang disetujui."),
            "closed",
        ),
        Term("belum-dipantau", GROUPS["none"], _("Kantor ini belum mempunyai loket yang dipantau."), "none"),
    ),
)
INDICATIONS = TermGroup(
    "indikasi",
    _("Indikasi dan keputusan"),
    (
        Term(
            "arti-indikasi",
            _("Indikasi"),
            _(
                "Catatan bahwa loket tampak kosong lebih lama daripada masa toleransi. Bukan bukti pelanggaran: "
                "lurah menjelaskan, camat memutuskan. Yang dinilai loket, bukan orang."
            ),
        ),
        Term(
            "toleransi",
            _("Lamanya masa toleransi"),
            _("Lamanya loket boleh kosong sebelum menjadi indikasi. Ditetapkan di aturan kehadiran."),
        ),
        Term(
            "loket-kosong",
            KINDS[AlertKind.ABSENCE],
            _("Pada jam layanan loket ditinggalkan melewati masa toleransi, sesudah sempat dibuka."),
        ),
        Term(
            "terlambat-buka",
            KINDS[AlertKind.LATE_OPENING],
            _("Pada awal jam layanan belum ada petugas di loket sampai lewat masa toleransi buka."),
        ),
        Term(
            "tidak-buka",
            KINDS[AlertKind.NOT_OPENED],
            _("Lama sesudah jam layanan dimulai belum juga ada petugas di loket. Menggantikan terlambat buka."),
        ),
        Term(
            "pulang-sebelum-waktunya",
            KINDS[AlertKind.EARLY_LEAVE],
            _("Loket kosong pada akhir jam layanan, dan tidak ada petugas lagi sampai tutup."),
        ),
        Term(
            "dengan-izin",
            _("Dengan izin"),
            _("Camat memaklumi kekosongan itu. Waktunya tidak mengurangi ketersediaan."),
        ),
        Term(
            "alarm-keliru",
            _("Alarm keliru"),
            _("Camat menilai kamera atau zonanya salah melihat. Tidak dihitung."),
        ),
        Term(
            "penutupan",
            _("Penutupan"),
            _("Waktu loket tutup karena apel, posyandu, dan sejenisnya, disetujui camat. Tidak menjadi indikasi."),
        ),
    ),
)
REPORTS = TermGroup(
    "laporan",
    _("Laporan"),
    (
        Term(
            "ketersediaan",
            _("Ketersediaan"),
            _("Waktu ada petugas, dibagi jam layanan tanpa waktu yang tidak terpantau dan yang dengan izin."),
        ),
        Term(
            "cakupan",
            _("Cakupan"),
            _("Bagian jam layanan yang terpantau kamera. Bila terlalu kecil, loket tidak dinilai."),
        ),
        Term(
            "tl-psw",
            _("TL dan PSW"),
            _(
                "Kelompok keterlambatan: terlambat (TL) dan pulang sebelum waktunya (PSW), menurut lamanya dalam "
                "menit. Keterangan tentang loket, bukan tentang pegawai."
            ),
        ),
        Term(
            "rantai-bukti",
            _("Rantai bukti"),
            _("Setiap foto dan rekaman terikat pada yang sebelumnya, sehingga perubahan sesudahnya ketahuan."),
        ),
    ),
)
WATCHING = TermGroup(
    "pengamatan",
    _("Kamera dan pengamatan"),
    (
        Term("zona", _("Zona"), _("Bagian gambar kamera tempat petugas sebuah loket berada, digambar oleh operator.")),
        Term(
            "acuan",
            _("Acuan"),
            _("Gambar yang dipakai saat zona digambar. Bila pandangan kamera berubah, loketnya tidak terpantau."),
        ),
        Term(
            "gangguan-sistem",
            _("Gangguan sistem"),
            _("Sebagian besar kamera atau Sidak sendiri terganggu. Selama itu tidak ada kantor yang dinilai."),
        ),
        Term(
            "arti-inspeksi",
            _("Inspeksi"),
            _("Inspeksi mendadak lewat kamera langsung. Temuannya dijawab lurah, ditindaklanjuti camat."),
        ),
        Term(
            "temuan-tutup",
            SpotMark.CLOSED.label,
            _("Temuan inspeksi: pada jam layanan kantornya tertutup. Di luar jam layanan ini bukan temuan."),
        ),
    ),
)
TERMS = (STATES, INDICATIONS, REPORTS, WATCHING)
