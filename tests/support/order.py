"""In which order files of tests start.

A worker takes a file at a time. The long ones go first: a long one at the end would keep one worker busy while the
others have nothing left. Seconds as they pass in a whole run on two cores; files that are missing here take less.
"""

SECONDS = {
    "tests/browser/test_board_day.py": 110,
}


def starts_before(path: str) -> int:
    """Sort key of a file by its path from the project's folder."""
    return -SECONDS.get(path, 0)
