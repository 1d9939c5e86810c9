"""What each role gets at each address of the site, for tests/test_access.py.

TABLE maps the name of an address to the method of the request, the arguments of the address and the status for each of
ROLES, or LOGIN, while the office is open. An argument that is described in words ("camera of that office") stands for
the key of a row, which the test creates.

What the addresses show of people is in ROOMS and FILES; an address that is in neither shows nobody.
"""

from tests.support.access_rows import (
    AGENCY,
    ASKED,
    ATTACHMENT,
    CAMERA,
    CHECK,
    CITY_INCIDENT,
    CLIP,
    CLOSURE,
    COMPLAINT,
    DEVICE,
    EVERYBODY_INSIDE,
    EVIDENCE,
    FILE,
    FINDING,
    FOOTAGE,
    HALF,
    HOLD,
    HOOK,
    INDICATION,
    KECAMATAN,
    LOGIN,
    LURAH,
    MONTH,
    OF_A_KECAMATAN,
    OFFICE,
    ORIGINAL,
    PLAN,
    PRESET,
    ROLES,
    SEEN,
    SHARED,
    SIGNED_IN,
    SNAPSHOT,
    SPECIAL,
    STOP,
    SYSTEM,
    TASK,
    WHO_SEES_IT,
    inspectors,
    operators,
)
from tests.support.access_table_city import CITY, Rows

# What is the same for everybody, and may stay in caches.
OPEN311 = ("discovery", "services", "definition", "requests", "request")
OPEN_DATA = ("public-points-json", "public-map-data", *(f"open311-{name}" for name in OPEN311))

TABLE: Rows = {
    **CITY,
    "board": ("GET", [], EVERYBODY_INSIDE),
    "map-data": ("GET", [], EVERYBODY_INSIDE),
    "wall": ("GET", [], EVERYBODY_INSIDE),
    "wall-scenes": ("GET", [], operators(200)),
    "wall-scene-add": ("GET", [], operators(200)),
    "wall-scene": ("GET", ["banjir"], operators(200)),
    "wall-scene-move": ("POST", ["banjir"], operators(422)),
    "wall-scene-remove": ("GET", ["banjir"], operators(200)),
    "search": ("GET", [], EVERYBODY_INSIDE),
    "search-hits": ("GET", [], EVERYBODY_INSIDE),
    "tour": ("GET", [], EVERYBODY_INSIDE),
    "tour-done": ("POST", [], (LOGIN, *(302,) * 8)),
    "terms": ("GET", [], SIGNED_IN),
    "setup": ("GET", [], (LOGIN, 200, 200, 403, 403, 403, 403, 200, 403)),
    "office": ("GET", [OFFICE], WHO_SEES_IT),
    "office-live": ("GET", [OFFICE], WHO_SEES_IT),
    "office-day": ("GET", [OFFICE, "2026-11-20"], WHO_SEES_IT),
    "door-sign": ("GET", [OFFICE], WHO_SEES_IT),
    "indication": ("GET", [INDICATION], WHO_SEES_IT),
    "indication-pdf": ("GET", [INDICATION], WHO_SEES_IT),
    "indications": ("GET", [], EVERYBODY_INSIDE),
    # Users without permission are redirected to the page, which says why.
    "indication-explain": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "indication-decide": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "attachment": ("GET", [ATTACHMENT], WHO_SEES_IT),
    "reports": ("GET", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "report": ("GET", [OFFICE, "2026-W47"], WHO_SEES_IT),
    # Redirects to the list with a message; what is not the user's to decide is refused there.
    "indications-excuse": ("POST", [], (LOGIN, *(302,) * 7, 403)),
    "report-indications": ("GET", [OFFICE, "2026-W47"], WHO_SEES_IT),
    "spot-checks": ("GET", [], EVERYBODY_INSIDE),
    "spot-check-start": ("POST", [], (LOGIN, 422, 403, 422, 422, 403, 403, 403, 403)),
    "spot-check-run": ("GET", [HALF], (LOGIN, 200, 404, 404, 404, 404, 404, 404, 404)),
    "spot-check-send": ("POST", [HALF], (LOGIN, 400, 404, 404, 404, 404, 404, 404, 404)),
    "spot-check": ("GET", [CHECK], WHO_SEES_IT),
    "spot-check-pdf": ("GET", [CHECK], WHO_SEES_IT),
    "spot-check-shared": ("GET", [SHARED], WHO_SEES_IT),
    "spot-check-picture": ("GET", [SNAPSHOT], WHO_SEES_IT),
    "conduct-sample": ("GET", [], EVERYBODY_INSIDE),
    "conduct-rule-add": ("POST", [], inspectors(422)),
    "conduct-judge": ("GET", [], inspectors(200)),
    "conduct-judge-clip": ("POST", [CLIP], inspectors(302)),
    "conduct-undo": ("POST", [], inspectors(302)),
    "conduct-clip": ("GET", [CLIP], (LOGIN, 404, 404, 404, 404, 404, 404, 200, 404)),
    "spot-check-statistics": ("GET", [], EVERYBODY_INSIDE),
    "spot-check-office": ("GET", [OFFICE], WHO_SEES_IT),
    "findings": ("GET", [], EVERYBODY_INSIDE),
    "finding": ("GET", [FINDING], WHO_SEES_IT),
    # Users without permission are redirected to the page, which says why.
    "finding-answer": ("POST", [FINDING], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "finding-follow": ("POST", [FINDING], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "evidence-file": ("GET", [EVIDENCE], WHO_SEES_IT),
    "incidents": ("GET", [], operators(200)),
    "evidence-original": ("GET", [ORIGINAL], inspectors(200)),
    "evidence-opened": ("GET", ["ticket"], inspectors(410)),
    "evidence-opened-file": ("GET", ["ticket"], inspectors(410)),
    "evidence-opened-control": ("GET", ["ticket", "1"], inspectors(410)),
    "evidence-openings": ("GET", [], inspectors(200)),
    "evidence-chain": ("GET", [], inspectors(200)),
    "evidence-check": ("POST", [], inspectors(302)),
    "views": ("GET", [], inspectors(200)),
    "file-log": ("GET", [], inspectors(200)),
    "rights-log": ("GET", [], inspectors(200)),
    "retention": ("GET", [], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "retention-change": ("POST", [], inspectors(422)),
    "hold-office": ("POST", [], inspectors(422)),
    "hold-indication": ("POST", [INDICATION], inspectors(302)),
    "hold-end": ("POST", [HOLD], inspectors(302)),
    "camera-picture": ("GET", [CAMERA], WHO_SEES_IT),
    "camera-view": ("GET", [CAMERA], WHO_SEES_IT),
    "camera-reason": ("GET", [CAMERA], WHO_SEES_IT),
    "notices": ("GET", [], EVERYBODY_INSIDE),
    "notice-rule": ("POST", [], (LOGIN, 422, 422, 422, 422, 422, 422, 422, 403)),
    "notice-subscribe": ("POST", [], (LOGIN, 422, 422, 422, 422, 422, 422, 422, 403)),
    "notice-revoke": ("POST", [DEVICE], (LOGIN, 404, 404, 404, 404, 302, 404, 404, 403)),  # its owner's
    "notice-test": ("POST", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "report-mails": ("POST", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    # The signed token names the recipient, whoever opens the address.
    "report-mail-stop": ("GET", [STOP], (200,) * 9),
    "report-mail-stop-now": ("GET", [STOP], (302,) * 9),  # redirected to the page; only a POST unsubscribes
    "notice-escalation": ("POST", [], operators(422)),
    "cameras": ("GET", [], operators(200)),
    "shift-note": ("POST", [], operators(422)),
    "camera": ("GET", [CAMERA], operators(200)),
    "camera-steering-page": ("GET", [CAMERA], (LOGIN, 403, 403, 403, 404, 403, 404, 200, 404)),  # while it is open
    "camera-preset-picture": ("GET", [CAMERA, PRESET], (LOGIN, 403, 403, 403, 404, 403, 404, 200, 404)),  # as its page
    "camera-note": ("POST", [CAMERA], operators(422)),
    "camera-add": ("GET", [], operators(200)),
    "camera-test": ("POST", [], operators(200)),
    "camera-search": ("GET", [], operators(200)),
    "camera-search-state": ("GET", [], operators(200)),
    "camera-search-cancel": ("POST", [], operators(302)),
    "camera-device": ("POST", [], operators(200)),
    "camera-device-apply": ("POST", [CAMERA], operators(200)),
    "camera-device-undo": ("POST", [CAMERA], operators(200)),
    "camera-import": ("GET", [], operators(200)),
    "camera-import-confirm": ("POST", [], operators(302)),
    "camera-import-template": ("GET", [], operators(200)),
    "camera-change": ("GET", [CAMERA], operators(200)),
    "camera-delete": ("GET", [CAMERA], operators(200)),
    "camera-zones": ("GET", [CAMERA], operators(200)),
    "camera-zones-picture": ("POST", [CAMERA], operators(200)),
    "camera-reference": ("GET", [CAMERA], operators(200)),
    "camera-reference-accept": ("POST", [CAMERA], operators(302)),
    "camera-reference-undo": ("POST", [CAMERA], operators(302)),
    # API clients send their own tokens; sessions are not accepted (tests/discipline/api/test_scope.py).
    "api-client": ("GET", [], (401,) * 9),
    "api-offices": ("GET", [], (401,) * 9),
    "api-office": ("GET", [OFFICE], (401,) * 9),
    "api-standings": ("GET", [], (401,) * 9),
    "api-indications": ("GET", [], (401,) * 9),
    "api-indication": ("GET", [INDICATION], (401,) * 9),
    "api-tallies": ("GET", [], (401,) * 9),
    "api-report": ("GET", [OFFICE, "2026-10"], (401,) * 9),
    "api-incidents": ("GET", [], (401,) * 9),
    "api-incident": ("GET", [CITY_INCIDENT], (401,) * 9),
    "api-tasks": ("GET", [], (401,) * 9),
    "api-task": ("GET", [TASK], (401,) * 9),
    "api-complaints": ("GET", [], (401,) * 9),
    "api-complaint": ("GET", [COMPLAINT], (401,) * 9),
    "api-missing": ("GET", ["nothing"], (404,) * 9),
    "api-description": ("GET", [], (200,) * 9),
    "api-schema": ("GET", [], (200,) * 9),
    "integrations": ("GET", [], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "integration": ("GET", [SYSTEM], (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)),
    "integration-add": ("GET", [], operators(200)),
    "integration-change": ("GET", [SYSTEM], operators(200)),
    "integration-renew": ("POST", [SYSTEM], operators(200)),
    "webhook-add": ("POST", [SYSTEM], operators(422)),
    "webhook-test": ("POST", [HOOK], operators(302)),
    "webhook-stop": ("POST", [HOOK], operators(302)),
    "integration-revoke": ("POST", [SYSTEM], operators(302)),
    "hours": ("GET", [], (LOGIN, 302, 302, 302, 302, 302, 302, 302, 403)),
    "hours-place": ("GET", [OFFICE], WHO_SEES_IT),
    "hours-history": ("GET", [], EVERYBODY_INSIDE),
    "plan-add": ("GET", [OFFICE], operators(200)),
    "plan-ramadan": ("GET", [], operators(200)),
    "plan-change": ("GET", [PLAN], operators(200)),
    "plan-remove": ("GET", [PLAN], operators(200)),
    "holidays": ("GET", [], EVERYBODY_INSIDE),
    "holiday-add": ("GET", [], operators(200)),
    "holiday-change": ("GET", [SPECIAL], operators(200)),
    "holiday-remove": ("GET", [SPECIAL], operators(200)),
    "closures": ("GET", [], EVERYBODY_INSIDE),
    "closure-ask": ("GET", [], (LOGIN, 403, 403, 403, 403, 200, 200, 403, 403)),
    "closure-enter": ("GET", [], (LOGIN, 403, 200, 200, 200, 403, 403, 403, 403)),
    "closure-request": ("GET", [ASKED], WHO_SEES_IT),
    # Users without permission are redirected to the page, which says why; a camat's empty text is refused.
    "closure-answer": ("POST", [ASKED], (LOGIN, 302, 302, 422, 404, 302, 404, 302, 404)),
    "closure": ("GET", [CLOSURE], WHO_SEES_IT),
    "closure-end": ("POST", [CLOSURE], (LOGIN, 403, 302, 302, 404, 403, 404, 403, 404)),
    "closure-revoke": ("GET", [CLOSURE], (LOGIN, 403, 200, 200, 404, 403, 404, 403, 404)),
    "agencies": ("GET", [], operators(200)),
    "agency": ("GET", ["dishub"], operators(200)),
    "healthz": ("GET", [], (503,) * 9),  # public; no watch runs here
    "metrics": ("GET", [], (401,) * 9),  # by a token of its own
    "service-worker": ("GET", [], (200,) * 9),
    "offline": ("GET", [], (200,) * 9),
    "signatures": ("GET", [], (LOGIN, 200, 200, 200, 200, 403, 403, 200, 403)),
    "month-signing": ("GET", [KECAMATAN, MONTH], OF_A_KECAMATAN),
    # Users without permission are redirected to the page, which says why.
    "month-signing-step": ("POST", [KECAMATAN, MONTH], (LOGIN, 302, 302, 302, 404, 404, 404, 302, 404)),
    "month-signing-document": ("GET", [KECAMATAN, MONTH, "1"], OF_A_KECAMATAN),
    # Redirects to the report's page; a POST first queues a file.
    "report-files": ("POST", [OFFICE, "2026-10"], (LOGIN, 302, 302, 302, 404, 302, 404, 302, 404)),
    "report-file": ("GET", [FILE], (LOGIN, 404, 404, 404, 404, 200, 404, 404, 404)),  # the user who requested it
    "account_login": ("GET", [], (200,) * 9),
    "mfa_authenticate": ("GET", [], (LOGIN, *(302,) * 8)),  # only between password and code
    "mfa_login_webauthn": ("GET", [], (LOGIN,) * 9),  # scripts ask for JSON
    "set-password": ("GET", ["MQ", "token"], (200,) * 9),  # says that the link is not valid
    "password-forgotten": ("GET", [], (200,) * 9),
    "openid_connect_login": ("GET", ["kota"], (404,) * 9),  # no provider here
    "openid_connect_callback": ("GET", ["kota"], (404,) * 9),
    "logout": ("POST", [], (LOGIN,) * 9),
    "account": ("GET", [], SIGNED_IN),
    "account_change_password": ("GET", [], SIGNED_IN),
    "account-email": ("GET", [], (LOGIN, *(302,) * 8)),  # first the password is asked again
    "sign-out-elsewhere": ("POST", [], (LOGIN, *(302,) * 8)),
    "account_reauthenticate": ("GET", [], SIGNED_IN),
    "mfa_reauthenticate": ("GET", [], (LOGIN, *(302,) * 8)),  # to the password, as they have no factor
    "mfa_reauthenticate_webauthn": ("GET", [], (LOGIN, *(302,) * 8)),
    "mfa_index": ("GET", [], SIGNED_IN),
    # First the password is asked again.
    "mfa_activate_totp": ("GET", [], (LOGIN, *(302,) * 8)),
    "mfa_deactivate_totp": ("GET", [], (LOGIN, *(404,) * 8)),
    "mfa_add_webauthn": ("GET", [], (LOGIN, *(302,) * 8)),
    "mfa_remove_webauthn": ("GET", ["1"], (LOGIN, *(302,) * 8)),
    "mfa_view_recovery_codes": ("GET", [], (LOGIN, *(404,) * 8)),
    "mfa_generate_recovery_codes": ("GET", [], (LOGIN, *(302,) * 8)),
    "users": ("GET", [], operators(200)),
    "user-add": ("GET", [], operators(200)),
    "user": ("GET", [LURAH], operators(200)),
    "user-hand-over": ("GET", [LURAH], operators(200)),
    "user-act": ("GET", [LURAH, "blokir"], operators(200)),
    "account-copy": ("POST", [], SIGNED_IN),
    "account-copy-of": ("GET", [LURAH], operators(200)),
    "footage-copies": ("GET", [], inspectors(200)),
    "footage-copy": ("GET", [FOOTAGE], inspectors(200)),
    "footage-picture": ("GET", [FOOTAGE, SEEN], inspectors(200)),
    "footage-numbered": ("GET", [FOOTAGE, SEEN], inspectors(200)),
    "footage-hidden": ("GET", [FOOTAGE, SEEN], inspectors(200)),
    "footage-download": ("POST", [FOOTAGE], inspectors(200)),
    "set_language": ("POST", [], (302,) * 9),
}

# The same addresses of the kecamatan office above OFFICE, which its camat and the city see, the lurah below do not.
# A POST of a camat or the mayor who may not do it is redirected to the page, which says why.
ABOVE_KEY, ABOVE_LOKET = f"kantor-{KECAMATAN}", "key of its counter"
ABOVE: Rows = {
    "office": ("GET", [KECAMATAN], OF_A_KECAMATAN),
    "office-live": ("GET", [KECAMATAN], OF_A_KECAMATAN),
    "office-day": ("GET", [KECAMATAN, "2026-11-20"], OF_A_KECAMATAN),
    "door-sign": ("GET", [KECAMATAN], OF_A_KECAMATAN),
    "indication": ("GET", [INDICATION], OF_A_KECAMATAN),
    "indication-pdf": ("GET", [INDICATION], OF_A_KECAMATAN),
    "indication-explain": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 404, 404, 302, 404)),
    "indication-decide": ("POST", [INDICATION], (LOGIN, 302, 302, 302, 404, 404, 404, 302, 404)),
    "report": ("GET", [ABOVE_KEY, "2026-W47"], OF_A_KECAMATAN),
    "report-indications": ("GET", [ABOVE_LOKET, "2026-W47"], OF_A_KECAMATAN),
    "hours-place": ("GET", [ABOVE_KEY], OF_A_KECAMATAN),
    "closure-ask": ("GET", [], (LOGIN, 403, 403, 200, 403, 200, 200, 403, 403)),
}

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
}  # the board leads to the points
OF_SUPERUSERS: dict[str, str | int] = {"procedure-write": 200}  # others need to be the chief of the shift


def expected(name: str) -> dict[str, str | int]:
    """Return what each role of ROLES and LIKE gets at the address with this name, while the office is open."""
    of_role = dict(zip(ROLES, TABLE[name][2], strict=True))
    like = {one: of_role[role] for one, role in LIKE.items()}
    exceptions = {AGENCY: OF_AGENCIES, "superuser": OF_SUPERUSERS}
    return of_role | like | {one: table[name] for one, table in exceptions.items() if name in table}


# Addresses that send a camera's picture of now, with the statuses while the office is closed and no reason was given.
# Then none of them shows it. Each picture is logged.
ROOMS: dict[str, tuple[str | int, ...]] = {
    "camera-picture": (LOGIN, 403, 403, 403, 404, 403, 404, 403, 404),
    "camera-view": (LOGIN, 403, 403, 403, 404, 403, 404, 403, 404),
    "camera-preset-picture": (LOGIN, 403, 403, 403, 404, 403, 404, 403, 404),
    "camera-test": operators(200),
    "camera-zones": operators(200),
    "camera-zones-picture": operators(200),
    "camera-reference": operators(200),
    "camera-reference-accept": operators(302),
}

# Addresses that send a file about people, at any hour. Each is logged.
FILES = frozenset({
    "evidence-file", "indication-pdf", "attachment", "spot-check-picture", "spot-check-pdf", "report-file",
    "month-signing-document", "account-copy", "footage-numbered", "footage-hidden", "footage-download", "hint-picture",
    "recording-still", "recording-minute", "recording-export-file", "recording-export-receipt",
    "hint-clip", "conduct-clip",
    "complaint-photo", "complaint-photo-hidden",
    "daily-report-file", "room-list-file",
})  # fmt: skip
