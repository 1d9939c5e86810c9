"""What an operator does to an account with one button, and the words that ask before it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from offices.accounts.links import IssuedLink
from offices.accounts.users import changes


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its question, what it does, its button, what is said afterwards, and the function.

    The function returns the link that it made, if any, and raises ChangeRefused.
    """

    question: Any
    effect: Any
    button: Any
    done: Any
    run: Callable[[Any, User, datetime], IssuedLink | None]
    harmless: bool = False


ACTS = {
    "blokir": Act(
        _("Blokir akun ini?"),
        _(
            "Pemiliknya dikeluarkan dari semua perangkat saat ini juga dan tidak dapat masuk lagi. Catatan dan"
            " tanggapannya tetap ada."
        ),
        _("Ya, blokir"),
        _("Akun diblokir; semua sesinya berakhir."),
        changes.block,
    ),
    "buka": Act(
        _("Buka blokir akun ini?"),
        _("Pemiliknya dapat masuk lagi dengan sandi dan peran yang dimilikinya."),
        _("Ya, buka blokir"),
        _("Blokir dibuka."),
        changes.unblock,
        harmless=True,
    ),
    "sandi": Act(
        _("Setel ulang sandi?"),
        _(
            "Sandinya yang sekarang langsung tidak berlaku dan semua sesinya berakhir. Anda mendapat tautan sekali"
            " pakai untuk pemiliknya; hanya dengan itu ia membuat sandi baru."
        ),
        _("Ya, buat tautan"),
        _("Tautan dibuat."),
        changes.reset_password,
    ),
    "langkah-kedua": Act(
        _("Hapus langkah kedua?"),
        _(
            "Untuk yang kehilangan ponsel dan kode cadangannya. Pastikan dulu bahwa itu benar orangnya: sampai ia"
            " memasang yang baru, sandinya saja cukup untuk masuk. Semua sesinya berakhir."
        ),
        _("Ya, hapus langkah kedua"),
        _("Langkah kedua dihapus; semua sesinya berakhir."),
        changes.reset_factors,
    ),
}
