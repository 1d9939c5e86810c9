"""Texts for the codes of probing.Probe, Blind and the references' log, and for the live player."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

# By streams.source.probing.Probe.problem: what is wrong, and what to do next.
PROBLEMS: dict[str, tuple[Any, Any]] = {
    "refused": (
        _("Perangkat menolak sambungan"),
        _("Alamatnya terjangkau, tetapi tidak ada layanan RTSP di port itu. Periksa port dan apakah RTSP diaktifkan."),
    ),
    "no_route": (
        _("Perangkat tidak terjangkau"),
        _("Tidak ada rute ke alamat itu. Periksa alamat, kabel, dan VPN kantor."),
    ),
    "not_allowed": (
        _("Alamat di luar jaringan kamera"),
        _("Sidak hanya membaca kamera di jaringan yang diizinkan. Administrator menentukannya dengan CAMERA_NETWORKS."),
    ),
    "unauthorized": (
        _("Nama pengguna atau sandi salah"),
        _("Kamera meminta login dan menolak yang ini. Tulis ulang keduanya; huruf besar dan kecil dibedakan."),
    ),
    "not_found": (
        _("Jalur tidak ditemukan"),
        _("Kamera menjawab, tetapi tidak mengenal jalur setelah alamatnya. Lihat buku petunjuk merek kamera ini."),
    ),
    "not_rtsp": (
        _("Bukan layanan RTSP"),
        _("Ada yang menjawab di alamat itu, tetapi bukan dengan RTSP. Port yang lazim adalah 554."),
    ),
    "no_video": (
        _("Tidak ada gambar di dalam aliran"),
        _("Kamera tersambung, tetapi tidak mengirim video. Pilih jalur video, bukan audio atau data."),
    ),
    "no_keyframe": (
        _("Gambar utuh tidak datang dalam 10 detik"),
        _(
            "Kamera mengirim video, tetapi keyframe-nya terlalu jarang. Setel jarak keyframe (GOP) menjadi 2 "
            "detik, lalu uji lagi."
        ),
    ),
    "timeout": (
        _("Tidak ada jawaban dalam 10 detik"),
        _("Kamera mungkin mati, jaringannya lambat, atau tembok api menahan sambungan."),
    ),
    "broken": (
        _("Gambar tidak dapat dibaca"),
        _("Alirannya rusak atau berhenti sebelum satu gambar utuh diterima. Coba lagi, lalu periksa jaringan."),
    ),
    "login_needed": (
        _("Kamera meminta login"),
        _("Alamat ini belum memuat nama pengguna dan sandi. Isi keduanya."),
    ),
    "login_unknown": (
        _("Cara login kamera tidak dikenal"),
        _("Kamera meminta cara login yang tidak dikenal Sidak. Setel autentikasi RTSP di kamera menjadi Digest."),
    ),
    "forbidden": (
        _("Pengguna ini tidak boleh melihat kamera"),
        _("Kamera melarang pengguna ini. Beri ia hak melihat siaran langsung di kamera."),
    ),
    "not_acceptable": (
        _("Kamera menolak bentuk aliran"),
        _("Kamera tidak dapat memberi video dalam bentuk yang diminta. Pilih H.264 di kamera."),
    ),
    "busy": (
        _("Kamera tidak menerima penonton lagi"),
        _("Semua tempat penonton di kamera sudah terpakai. Tutup penonton lain, atau naikkan batasnya di kamera."),
    ),
    "session_lost": (
        _("Kamera memutus sesi"),
        _("Kamera tidak lagi mengenal sesi ini; mungkin ia baru dinyalakan ulang. Disambung lagi dengan sendirinya."),
    ),
    "transport": (
        _("Kamera menolak TCP dan UDP"),
        _("Kamera tidak mau mengirim lewat TCP maupun UDP. Nyalakan RTP over TCP (unicast) di kamera."),
    ),
    "udp_lost": (
        _("Kamera hanya mengirim lewat UDP, dan tidak ada yang sampai"),
        _("Nyalakan RTP over TCP di kamera. Bila tidak bisa, izinkan UDP dari kamera ke server di tembok api."),
    ),
    "unavailable": (
        _("Kamera sedang tidak melayani"),
        _("Kamera menjawab bahwa ia belum siap. Tunggu sebentar; bila tetap begitu, nyalakan ulang kamera."),
    ),
    "slow": (
        _("Kamera menjawab terlalu lambat"),
        _("Kamera tersambung, tetapi jawabannya tidak datang dalam 10 detik. Periksa beban kamera dan jaringannya."),
    ),
    "damaged": (
        _("Gambar datang dalam keadaan rusak"),
        _("Sebagian data hilang di jalan sehingga tidak ada gambar utuh. Periksa kabel, Wi-Fi, dan laju bit kamera."),
    ),
    "behind": (
        _("Pembacaan tertinggal dari kamera"),
        _("Gambar yang datang sudah terlalu lama, maka disambung lagi. Periksa beban server dan jaringan."),
    ),
    "redirected": (
        _("Kamera mengalihkan ke alamat lain"),
        _("Kamera menunjuk perangkat lain, dan Sidak tidak mengikutinya. Tulis alamat yang sebenarnya."),
    ),
    "certificate": (
        _("Sertifikat kamera berganti"),
        _("Bila kamera diganti atau disetel ulang, buka Ubah kamera dan simpan. Bila tidak, periksa jaringannya."),
    ),
    "encryption": (
        _("Sambungan terenkripsi gagal"),
        _("Kamera dan server tidak sepakat cara enkripsinya. Perbarui firmware kamera, atau pakai rtsp://."),
    ),
}
LOGIN = ("unauthorized", "login_needed", "login_unknown", "forbidden")  # those about user name and password
UNKNOWN_PROBLEM = (_("Kamera tidak dapat dibuka"), _("Coba lagi sebentar lagi."))

WARNINGS: dict[str, Any] = {
    "h265": _("Kamera memakai H.265. Tetap terbaca, tetapi lebih berat; pilih H.264 bila bisa."),
    "ffmpeg": _(
        "Bentuk video kamera ini hanya terbaca dengan cara cadangan: lebih berat, mungkin tanpa klip. Pilih H.264."
    ),
    "long_gop": _("Gambar utuh datang lebih jarang daripada pengamatan. Setel jarak keyframe (GOP) menjadi 2 detik."),
}

BLIND: dict[str, Any] = {
    "offline": _("Kamera terputus"),
    "stale": _("Gambar tidak baru"),
    "frozen": _("Gambar membeku"),
    "dark": _("Gambar gelap"),
    "covered": _("Kamera terhalang"),
    "blurred": _("Gambar buram"),
    "unclear": _("Gambar tidak cukup jelas"),
    "moved": _("Arah kamera berubah"),
    "steered": _("Sedang diarahkan operator"),
    "system": _("Gangguan sistem"),
    "scene": _("Bukan pandangan loket ini"),
}
BLIND_ADVICE: dict[str, Any] = {  # what to do next
    "frozen": _("Kamera mengirim gambar yang sama terus, walau jamnya mungkin berjalan. Nyalakan ulang kamera."),
    "dark": _("Periksa lampu ruangan dan tutup lensa."),
    "covered": _("Ada yang menghalangi lensa. Minta kantor memeriksanya; bisa jadi sengaja ditutup."),
    "blurred": _("Gambar tidak lagi tajam. Minta lensa dibersihkan atau difokuskan, lalu bandingkan dengan acuan."),
    "unclear": _(
        "Gambar terlalu redup, silau atau kabur untuk menilai: petugas pun tidak akan terlihat. "
        "Nyalakan lampu, tutup tirai di belakang loket, atau bersihkan lensa."
    ),
    "moved": _("Kamera bergeser sejak zona digambar. Bandingkan dengan acuan, lalu luruskan atau gambar ulang zona."),
    "steered": _("Kamera tidak menilai selama diarahkan, dan sampai kembali ke pandangan asalnya."),
    "scene": _("Kamera tertukar, diganti, atau diputar jauh. Bandingkan dengan acuan sebelum memakainya lagi."),
}
RESTING = _("Terlalu gelap untuk menilai, di luar jam layanan.")  # see troubles.rule.OF_THE_ROOM
REFERENCE_LOG: dict[str, Any] = {  # by LogEntry.change_message of references.log_change
    "zones drawn": _("Zona digambar"),
    "reference accepted": _("Acuan baru diterima"),
    "reference undone": _("Acuan sebelumnya dikembalikan"),
}

CODECS = {"h264": "H.264", "hevc": "H.265", "h265": "H.265", "mjpeg": "MJPEG", "mpeg4": "MPEG-4", "av1": "AV1"}


def cause(code: str) -> tuple[Any, Any]:
    """Return what is wrong, and what to do next, for a code of troubles.rule.cause_of."""
    if code in BLIND:
        return BLIND[code], BLIND_ADVICE.get(code, "")
    return PROBLEMS.get(code, UNKNOWN_PROBLEM)


def codec(name: str) -> str:
    """Return the usual name of a codec, given FFmpeg's."""
    return CODECS.get(name.lower(), name.upper())


def live_words() -> dict[str, Any]:
    """Return the live player's texts in the current language, for static/js/live/parts.js."""
    return {
        "video": gettext("Siaran langsung. Tombol + dan - memperbesar dan memperkecil, panah menggeser."),
        "opening": gettext("Menghubungi kamera…"),
        "connecting": gettext("Menyambung…"),
        "reconnecting": gettext("Terputus. Menyambung kembali…"),
        "live": gettext("Langsung"),
        "live_pictures": gettext("Gambar terbaru"),
        "behind": gettext("Tertinggal %(age)s"),
        "stale": gettext("Gambar berhenti, %(age)s lalu"),
        "paused": gettext("Dijeda"),
        "failed": gettext("Tidak dapat ditampilkan"),
        "trouble": gettext("%(problem)s. Dicoba lagi…"),
        "problems": {code: str(cause) for code, (cause, _advice) in PROBLEMS.items()}
        # Viewers must not think that their own password was refused.
        | {"unauthorized": gettext("Kamera menolak sandi yang tersimpan untuknya")},
        "unknown": str(UNKNOWN_PROBLEM[0]),
        "seconds": gettext("%(n)s dtk"),
        "pictures_codec": gettext(
            "Kamera ini mengirim %(codec)s, yang tidak diputar peramban. Tampil 1 sampai 2 gambar sedetik."
        ),
        "pictures_asked": gettext("Peramban ini tidak dapat memutar videonya. Tampil 1 sampai 2 gambar sedetik."),
        "codecs": CODECS,
        "too_many": gettext("Terlalu banyak siaran langsung terbuka. Tutup yang tidak dipakai; dicoba lagi…"),
        "refused": gettext("Kamera ini tidak ada, atau bukan wewenang Anda."),
        "logged_out": gettext("Sesi Anda berakhir."),
        "log_in": gettext("Masuk lagi"),
        "reason_state": gettext("Di luar jam layanan"),
        "reason": gettext("Alasan melihat ruangan di luar jam layanan"),
        "reason_hint": gettext("Sedikitnya 10 huruf. Alasan dicatat dan dibaca Inspektorat."),
        "look": gettext("Lihat"),
        "pause": gettext("Jeda"),
        "resume": gettext("Lanjutkan"),
        "photo": gettext("Simpan foto"),
        "zoom_in": gettext("Perbesar"),
        "zoom_out": gettext("Perkecil"),
        "pip": gettext("Gambar dalam gambar"),
        "full": gettext("Layar penuh"),
        "small": gettext("Keluar dari layar penuh"),
        "clock": {"zone": settings.TIME_ZONE, "name": "WIB", "dot": get_language() == "id"},
    }
