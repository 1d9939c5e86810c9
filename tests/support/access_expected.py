"""What staff who may only look, superusers and members of agencies get at the addresses of the table."""

from tests.support.access_rows import AGENCY, ROLES
from tests.support.access_table import TABLE

# Accounts that get at each address what these roles get; somebody of an agency with the exceptions of OF_AGENCIES.
LIKE = {"view-only staff": "tamu", "superuser": "ani", AGENCY: "tamu"}
OF_AGENCIES: dict[str, str | int] = {
    "board": 302,
    "search": 200,
    "search-hits": 200,
    "points": 200,
    "point-rows": 200,
    "point": 200,
    "point-export": 200,
    "hints": 200,
    "hint-picture": 200,
    "city-incidents": 200,
    "city-incident": 200,
    "case-files": 200,
    "case-articles": 200,
    "case-article": 200,
    "case-article-add": 200,
    "case-article-change": 200,
    "case-file-open": 200,
    "case-file": 200,
    "case-file-step": 302,
    "case-file-still": 302,
    "case-file-again": 302,
    "case-file-original": 302,
    "case-file-part": 302,
    "case-file-receipt": 302,
    "tasks": 200,
    "notices": 200,
    "notice-rule": 422,
    "notice-subscribe": 422,
    "notice-revoke": 404,
    "notice-test": 302,
    "recordings": 200,
    "recording": 200,
    "recording-strip": 200,
    "recording-playlist": 200,
    "recording-still": 200,
    "recording-minute": 200,
    "hint-clip": 200,
}  # the board leads to the tasks
OF_SUPERUSERS: dict[str, str | int] = {"procedure-write": 200}  # others need to be the chief of the shift


def expected(name: str) -> dict[str, str | int]:
    """Return what each role of ROLES and LIKE gets at the address with this name, while the office is open."""
    of_role = dict(zip(ROLES, TABLE[name][2], strict=True))
    like = {one: of_role[role] for one, role in LIKE.items()}
    exceptions = {AGENCY: OF_AGENCIES, "superuser": OF_SUPERUSERS}
    return of_role | like | {one: table[name] for one, table in exceptions.items() if name in table}
