"""Second factors of users, and the codes that an app would show."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enrol(user: User) -> list[str]:
    """Give the user an app with SECRET, and return the recovery codes."""
    TOTP.activate(user, SECRET)
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def shown_code(secret: str = SECRET, ahead: int = 0) -> str:
    """Return the code that an app shows now; `ahead`: the one that many periods later, which is accepted at 1."""
    *_, last = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, last - 1 + ahead)))
