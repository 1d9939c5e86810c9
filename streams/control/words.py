"""Texts for the codes of DeviceError, NetworkError and SearchState.state."""

from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

# What is wrong, and what to do next.
DEVICE_PROBLEMS: dict[str, tuple[Any, Any]] = {
    "not_allowed": (
        _("Alamat di luar jaringan kamera"),
        _("Sidak hanya menghubungi jaringan yang diizinkan. Minta administrator menambahkannya ke CAMERA_NETWORKS."),
    ),
    "unknown_host": (
        _("Nama perangkat tidak dikenal"),
        _("Nama pada alamatnya tidak ditemukan di jaringan. Periksa ejaannya, atau tulis alamat IP-nya."),
    ),
    "unreachable": (
        _("Perangkat tidak menjawab di port ONVIF"),
        _("Periksa alamat dan jaringannya, dan nyalakan ONVIF di kamera. Bila portnya tidak lazim, tulis port ONVIF."),
    ),
    "no_onvif": (
        _("Perangkat tidak berbicara ONVIF"),
        _("Ada yang menjawab, tetapi bukan dengan ONVIF. Nyalakan ONVIF di kamera, atau setel lewat halamannya."),
    ),
    "login_needed": (
        _("Kamera meminta login ONVIF"),
        _("Isi nama pengguna dan sandi. Beberapa merek memakai akun ONVIF tersendiri, yang dibuat di kamera."),
    ),
    "unauthorized": (
        _("Kamera menolak login ONVIF"),
        _("Periksa nama pengguna dan sandi. Beberapa merek memakai akun ONVIF tersendiri, yang dibuat di kamera."),
    ),
    "locked": (
        _("Kamera mengunci akun ini"),
        _("Terlalu banyak login yang salah. Tunggu sampai kamera membukanya lagi, biasanya 5 sampai 30 menit."),
    ),
    "slow": (
        _("Kamera menjawab ONVIF terlalu lambat"),
        _("Jawabannya tidak datang pada waktunya. Coba lagi; bila tetap begitu, nyalakan ulang kamera."),
    ),
    "unavailable": (
        _("Kamera sedang tidak melayani"),
        _("Kamera menjawab bahwa ia belum siap. Tunggu sebentar; bila tetap begitu, nyalakan ulang kamera."),
    ),
    "odd_answer": (
        _("Jawaban kamera tidak masuk akal"),
        _("Jawaban ONVIF-nya rusak atau terlalu besar, maka tidak dipakai. Perbarui firmware kamera."),
    ),
    "no_media": (
        _("Kamera tidak menyebut aliran video"),
        _("ONVIF-nya menjawab, tetapi tanpa profil video. Buat profil di kamera, atau isi alamat RTSP dengan tangan."),
    ),
    "refused": (
        _("Kamera menolak permintaan"),
        _("Beri pengguna ini hak administrator di kamera, atau perbarui firmware kamera."),
    ),
    "fixed": (
        _("Kamera tidak mau mengubah jarak keyframe"),
        _("Setel jarak keyframe (GOP, I-frame interval) di halaman kamera sendiri menjadi 2 detik."),
    ),
    "not_kept": (
        _("Kamera menerima setelan tetapi tidak memakainya"),
        _("Baca lagi perangkatnya. Bila tetap begitu, setel jarak keyframe di halaman kamera sendiri."),
    ),
    "unconfirmed": (
        _("Kamera tidak memastikan setelan ini"),
        _("Perubahannya sudah dikirim, tetapi jawabannya tidak datang. Baca lagi perangkatnya."),
    ),
    "changed": (
        _("Setelan kamera sudah lain"),
        _("Seseorang mengubah jarak keyframe sesudah dibaca, maka tidak ditimpa. Baca lagi perangkatnya."),
    ),
    "clock_refused": (
        _("Kamera tidak mau jamnya disetel"),
        _("Setel jam dan server NTP di halaman kamera sendiri."),
    ),
    "no_ptz": (
        _("Kamera ini tidak dapat diarahkan"),
        _("Profil videonya tanpa PTZ. Bila kameranya dapat bergerak, tambahkan PTZ pada profilnya di kamera."),
    ),
    "preset_gone": (
        _("Preset itu tidak ada lagi di kamera"),
        _("Muat ulang daftar preset, lalu pilih yang lain."),
    ),
    "not_moved": (
        _("Kamera menolak gerakan ini"),
        _("Mungkin sudah di ujung geraknya, atau pengguna ini tidak boleh menggerakkannya."),
    ),
}
DEVICE_PROBLEMS["unsupported"] = DEVICE_PROBLEMS["refused"]
DEVICE_PROBLEMS["web_login"] = DEVICE_PROBLEMS["login_needed"]

NETWORK_PROBLEMS: dict[str, Any] = {
    "malformed": _("Tulis jaringan seperti 10.20.30.0/24, atau satu alamat."),
    "foreign": _("Jaringan ini tidak diizinkan. Administrator menentukannya dengan CAMERA_NETWORKS."),
    "large": _("Jaringan terlalu besar: paling luas /22 (1.024 alamat) sekali cari."),
}

SEARCH_STATES: dict[str, Any] = {
    "waiting": _("Menunggu giliran"),
    "searching": _("Mencari"),
    "done": _("Pencarian selesai"),
    "cancelled": _("Pencarian dihentikan"),
    "late": _("Pencarian dihentikan setelah 2 menit"),
    "failed": _("Pencarian gagal. Coba lagi."),
    "silent": _("Pencarian terhenti: pekerja latar tidak menjawab. Coba lagi."),
}


def problem_words(code: str) -> tuple[Any, Any]:
    """Return what is wrong and what to do, for the code of a DeviceError."""
    return DEVICE_PROBLEMS.get(code, DEVICE_PROBLEMS["odd_answer"])


def clock_words(offset_s: float) -> str:
    """Return how far a camera's clock is off, as "3 menit tertinggal"; within two seconds it is right."""
    seconds = abs(round(offset_s))
    if seconds <= 2:
        return gettext("tepat")
    if seconds < 120:
        length = ngettext("%(n)d detik", "%(n)d detik", seconds) % {"n": seconds}
    elif seconds < 7200:
        length = ngettext("%(n)d menit", "%(n)d menit", round(seconds / 60)) % {"n": round(seconds / 60)}
    elif seconds < 172_800:
        length = ngettext("%(n)d jam", "%(n)d jam", round(seconds / 3600)) % {"n": round(seconds / 3600)}
    else:
        length = ngettext("%(n)d hari", "%(n)d hari", round(seconds / 86_400)) % {"n": round(seconds / 86_400)}
    template = gettext("%(length)s tertinggal") if offset_s < 0 else gettext("%(length)s terlalu cepat")
    return template % {"length": length}
