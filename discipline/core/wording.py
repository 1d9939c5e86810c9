"""Times, dates and durations as text: 09.42.05, Senin 23 November 2026, 1 menit 30 detik."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


def clock(at: datetime) -> str:
    """Return the time of day in WIB with seconds: 09.42.05 in Indonesian, 09:42:05 in English."""
    return timezone.localtime(at).strftime("%H.%M.%S" if get_language() == "id" else "%H:%M:%S")


def hour(at: datetime) -> str:
    """Return the time of day in WIB without seconds: 09.42 in Indonesian, 09:42 in English."""
    return timezone.localtime(at).strftime("%H.%M" if get_language() == "id" else "%H:%M")


def ending(at: datetime) -> str:
    """Return the time of day at which something ends, as hour() does; midnight is 24.00 of the day that it ends."""
    if timezone.localtime(at).time() != time():
        return hour(at)
    return "24.00" if get_language() == "id" else "24:00"


def local(at: datetime) -> date:
    """Return the date in WIB."""
    return timezone.localtime(at).date()


def weekday(day: date) -> str:
    """Return a date with its weekday: Senin 23 November 2026."""
    return dateformat.format(day, "l j F Y")


def calendar(day: date) -> str:
    """Return a date without its weekday: 23 November 2026."""
    return dateformat.format(day, "j F Y")


def day_heading(day: date, today: date) -> str:
    """Return the heading of a day in a list: Hari ini, Kemarin, Sen 23 Nov; with the year when it is not this one."""
    if day == today:
        return _("Hari ini")
    if day == today - timedelta(days=1):
        return _("Kemarin")
    return dateformat.format(day, "D j M" if day.year == today.year else "D j M Y")


def deadline(at: datetime, *, full: bool = False) -> str:
    """Return the end of a period: Selasa 1 Des, 16.00 WIB; `full`: Selasa 1 Desember 2026, 16.00 WIB.

    Midnight is written as 24.00 of the day that it ends, not as 00.00 of the next.
    """
    moment = timezone.localtime(at)
    day = moment.date() - timedelta(days=moment.time() == time())
    return f"{dateformat.format(day, 'l j F Y' if full else 'l j M')}, {ending(at)} WIB"


def name_of(user: Any) -> str:
    """Return the name of an account as pages show it: the full name, or the username; "" for None."""
    return (user.get_full_name() or user.get_username()) if user else ""


def with_role(name: str, role: str) -> str:
    """Return a name with a role: Budi (Camat). The role is left out where the name begins with it: Wali Kota."""
    return name if not role or name.casefold().startswith(role.casefold()) else f"{name} ({role})"


def duration_units() -> dict[str, tuple[str, str]]:
    """Return the singular and plural of each unit (day, hour, minute), with %(n)s for the number."""
    return {
        "day": (ngettext("%(n)s hari", "%(n)s hari", 1), ngettext("%(n)s hari", "%(n)s hari", 2)),
        "hour": (ngettext("%(n)s jam", "%(n)s jam", 1), ngettext("%(n)s jam", "%(n)s jam", 2)),
        "minute": (ngettext("%(n)s menit", "%(n)s menit", 1), ngettext("%(n)s menit", "%(n)s menit", 2)),
    }


def duration(seconds: float) -> str:
    """Return a duration in whole minutes, rounded down: "kurang dari 1 menit", "18 menit", "2 jam 5 menit"."""
    minutes = int(max(seconds, 0) // 60)
    if minutes < 1:
        return _("kurang dari 1 menit")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = duration_units()
    parts = ((days, units["day"]), (hours, units["hour"]), (minutes, units["minute"]))
    return " ".join(forms[number != 1] % {"n": number} for number, forms in parts if number)


def exact_length(seconds: float) -> str:
    """Return a duration to the second, as tolerances are written: "10 menit", "1 menit 30 detik", "20 detik"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    parts = [duration(minutes * 60)] if minutes else []
    if rest or not parts:
        parts.append(ngettext("%(n)s detik", "%(n)s detik", rest) % {"n": rest})
    return " ".join(parts)
