"""The order in which the test files start.

A worker takes a file at a time. The longest go first: one of them at the end would keep one worker busy while the
others have nothing to do. Those that mostly wait (for graces, cameras and browser pages) stand between those that
compute, so that the cores are busy from the beginning.
"""

LONGEST = (
    "tests/whole_way/test_incident_processes.py",  # waits
    "tests/discipline/tools/test_office_day.py",
    "tests/whole_way/test_evidence.py",  # waits
    "tests/streams/detect/test_detect.py",
    "tests/browser/test_board_day.py",
    "tests/discipline/ops/test_incident_monitor.py",
    "tests/discipline/alerts/test_camera_blinded.py",
    "tests/browser/test_accessible.py",
    "tests/browser/test_phone.py",
    "tests/streams/watch/test_camera_loop.py",  # waits
    "tests/discipline/tools/test_history.py",
    "tests/discipline/ops/test_embedded.py",  # waits
    "tests/browser/test_board.py",
    "tests/streams/watch/test_takeover.py",  # waits
    "tests/whole_way/test_camera_to_board.py",  # waits
    "tests/browser/test_why.py",
    "tests/browser/test_wall.py",
    "tests/test_access.py",
    "tests/streams/source/test_mp4_file.py",  # waits
    "tests/upgrade/test_places.py",
    "tests/streams/detect/test_faces.py",
    "tests/browser/test_live.py",
    "tests/browser/test_onboarding.py",
    "tests/browser/test_decisions.py",
    "tests/streams/simulator/test_simulator_codecs.py",
    "tests/streams/simulator/test_simulator_faults.py",
    "tests/browser/test_integrations.py",
    "tests/browser/test_signing.py",
    "tests/browser/test_spotchecks.py",
    "tests/browser/test_closures.py",
    "tests/browser/test_notices.py",
    "tests/browser/test_reports.py",
    "tests/discipline/reports/test_signing.py",
    "tests/discipline/evidence/test_false_alarms.py",
    "tests/discipline/api/test_schema.py",
    "tests/discipline/staffing/test_rule_properties.py",
)


def start_of(path: str) -> int:
    """Return the sort key of a file by its path from the project's root; files that are not listed come last."""
    return LONGEST.index(path) if path in LONGEST else len(LONGEST)
