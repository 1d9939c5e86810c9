"""The order in which the test files start, and those that mostly wait.

A worker takes a file at a time. The longest go first: one of them at the end would keep one worker busy while the
others have nothing to do.
"""

# Waiting for graces, cameras, servers that start, connections that time out: the processor is busy for less than a
# third of their time. The longest first.
WAITING = (
    "tests/whole_way/test_incident_processes.py",
    "tests/whole_way/test_field_cameras.py",
    "tests/whole_way/test_evidence.py",
    "tests/upgrade/test_last_version.py",
    "tests/streams/watch/test_takeover.py",
    "tests/streams/watch/test_camera_loop.py",
    "tests/streams/simulator/test_simulator_faults.py",
    "tests/discipline/ops/test_embedded.py",
    "tests/discipline/ops/test_hung_valkey.py",
    "tests/whole_way/test_camera_to_board.py",
    "tests/streams/simulator/test_simulator.py",
    "tests/streams/source/test_mp4_file.py",
    "tests/discipline/board/test_lost_news.py",
    "tests/discipline/board/test_consumers.py",
    "tests/streams/setup/test_onboarding_cameras.py",
    "tests/streams/live/test_fanout.py",
    "tests/streams/simulator/test_simulator_codecs.py",
    "tests/discipline/ops/test_supervisor.py",
    "tests/streams/live/test_live_socket.py",
    "tests/streams/evidence/test_recorder.py",
    "tests/discipline/board/test_wall_socket.py",
)
LONGEST = (
    "tests/browser/test_board_day.py",
    "tests/streams/detect/test_detect.py",
    "tests/browser/board/test_board.py",
    "tests/browser/test_accessible.py",
    "tests/browser/test_why.py",
    "tests/browser/test_decisions.py",
    "tests/browser/test_phone.py",
    "tests/discipline/ops/test_backup.py",
    "tests/browser/test_sign_in.py",
    "tests/test_deploy.py",
    "tests/test_access.py",
    "tests/test_access_lines.py",
    "tests/test_access_admin.py",
    "tests/streams/detect/test_faces.py",
    "tests/browser/test_wall.py",
    "tests/discipline/alerts/test_camera_blinded.py",
    "tests/browser/test_onboarding.py",
    "tests/browser/test_live.py",
    "tests/browser/test_reports.py",
    "tests/discipline/ops/test_incident_detection.py",
    "tests/browser/test_integrations.py",
    "tests/browser/test_signing.py",
    "tests/discipline/api/test_schema.py",
    "tests/discipline/tools/test_office_day.py",
    "tests/browser/test_closures.py",
    "tests/streams/pixels/test_viewpoint.py",
    "tests/discipline/tools/test_live_bench.py",
    "tests/browser/test_spotchecks.py",
    "tests/discipline/ops/test_incident_indications.py",
    "tests/discipline/ops/test_incident_clock_jumps.py",
    "tests/discipline/spotchecks/test_snapshots.py",
    "tests/streams/pixels/test_stillness.py",
    "tests/streams/evidence/test_redaction_jobs.py",
    "tests/discipline/staffing/test_rule_properties.py",
    "tests/browser/test_notices.py",
)
_ORDER = {path: place for place, path in enumerate((*WAITING, *LONGEST))}


def start_of(path: str) -> int:
    """Return the sort key of a file by its path from the project's root; files that are not listed come last."""
    return _ORDER.get(path, len(_ORDER))
