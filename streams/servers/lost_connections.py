"""Errors of a database that is away."""

import traceback


def free_frames(error: BaseException | None) -> None:
    """Free what the frames of an error's traceback hold: each would keep a socket until the garbage is collected.

    For an error that was dealt with; frames that still run are left alone.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
