"""The entry of the main menu that each page marks as current, and the check of it."""

import re

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

# (URL name of the menu entry, its aria-current) → URL names of the pages that have it. Other pages have none.
PAGES = {
    ("board", "page"): "board",
    ("indications", "page"): "indications",
    (
        "indications",
        "true",
    ): "indication indication-pdf indication-explain indication-decide indication-raise hold-indication",
    ("reports", "true"): (
        "reports report report-indications report-files report-file"
        " signatures month-signing month-signing-step month-signing-document"
    ),
    ("spot-checks", "page"): (
        "spot-checks spot-check spot-check-start spot-check-run spot-check-send spot-check-pdf spot-check-shared"
        " spot-check-picture spot-check-statistics spot-check-office findings finding finding-answer finding-follow"
        " conduct-sample conduct-rule-add conduct-judge conduct-judge-clip conduct-undo conduct-clip"
    ),
    ("hours", "page"): (
        "hours hours-place hours-history plan-add plan-ramadan plan-change plan-remove"
        " holidays holiday-add holiday-change holiday-remove"
        " closures closure closure-ask closure-enter closure-request closure-answer closure-end closure-revoke"
    ),
    ("wall", "page"): "wall",
    ("wall", "true"): "wall-scenes wall-scene wall-scene-add wall-scene-move wall-scene-remove",
    ("cameras", "page"): "cameras",
    ("cameras", "true"): (
        "camera-add camera-test camera-import camera-import-confirm camera-import-template camera-change camera-delete"
        " camera-zones camera-zones-picture camera-reference camera-reference-accept camera-reference-undo"
        " camera-picture camera-view camera-reason camera-search camera-search-state camera-search-cancel"
        " camera-device camera-device-apply camera-device-undo camera camera-note shift-note camera-steering-page"
        " camera-preset-picture"
    ),
    ("points", "page"): "points hints",
    ("points", "true"): (
        "point point-add point-change point-delete point-basis agencies agency"
        " point-import point-import-confirm point-import-template point-export"
        " hint-picture hint-clip hint-decide hint-settings hint-setting"
    ),
    ("city-incidents", "page"): "city-incidents",
    ("city-incidents", "true"): (
        "queue queue-take queue-act queue-spotlight queue-spotlight-end calls call-add call-nothing call-withdraw"
        " dispatch dispatch-kind-add dispatch-kind dispatch-agency dispatch-limit"
        " procedures procedure procedure-write procedure-tick"
        " city-incident-add city-incident city-incident-step city-incident-note"
        " city-incident-change city-incident-ask"
        " case-files case-file case-file-open case-file-step case-file-still case-file-again case-file-original"
        " case-file-part case-file-receipt case-articles case-article case-article-add case-article-change"
        " duty duty-begin duty-join duty-leave duty-hand-over handovers handover handover-sign log-book"
        " incident-numbers daily-reports daily-report-file daily-retention"
        " room room-list-file room-visits room-visit room-retention room-pass-add"
        " room-pass-end room-enter room-leave"
    ),
    ("complaints", "page"): "complaints",
    ("complaints", "true"): (
        "complaint complaint-step complaint-answer complaint-text complaint-incident complaint-compare"
        " complaint-photo complaint-photo-hidden complaint-photo-show"
        " complaint-block complaint-blocks complaint-block-lift"
    ),
    ("tasks", "page"): "tasks",
    ("tasks", "true"): "task task-step",
    ("retention", "page"): "retention evidence-openings evidence-chain",
    ("recordings", "page"): "recordings recording-exports recording-holds recording-forecast",
    ("recordings", "true"): (
        "recording recording-reason recording-strip recording-playlist recording-still recording-minute"
        " recording-rule-add recording-hold-add recording-hold-release"
        " recording-export-request recording-export-file recording-export-receipt"
    ),
    ("views", "page"): "views file-log rights-log",
}
CURRENT = {name: entry for entry, names in PAGES.items() for name in names.split()}
MENU = re.compile(r'<nav class="places".*?</nav>', re.DOTALL)
ENTRY = re.compile(r'<a href="([^"]*)"(?: aria-current="(\w+)")?')


def menu_entries(response: HttpResponseBase) -> dict[str, str]:
    """Return the aria-current (or "") of each address in the menu; empty for a response without a menu."""
    menu = MENU.search(response.content.decode(errors="replace")) if isinstance(response, HttpResponse) else None
    return dict(ENTRY.findall(menu[0])) if menu else {}


def assert_current_entry(name: str, response: HttpResponseBase) -> bool:
    """Assert that only the entry of CURRENT is marked, if this menu has it; return whether one is marked.

    `name` is the URL name of the page. Raises AssertionError.
    """
    entries = menu_entries(response)
    expected = {}
    if name in CURRENT:
        entry, value = CURRENT[name]
        expected = {reverse(entry): value} if reverse(entry) in entries else {}
    assert {href: value for href, value in entries.items() if value} == expected, name
    return bool(expected)
