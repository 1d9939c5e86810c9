"""Why something was refused."""

from collections.abc import Callable


def refusal(kind: type[ValueError], call: Callable[[], object]) -> str:
    """Return the reason of the error of this kind that the call raises, "" if it raises none."""
    try:
        call()
    except kind as error:
        return str(error)
    return ""
