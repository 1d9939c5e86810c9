"""Why a camera can't be read, as a code. Pure."""

import re

# By RTSP status. 401, 3xx and a refused transport are handled by the session.
PROBLEM_OF_STATUS = {
    403: "forbidden",
    404: "not_found",
    410: "not_found",
    406: "not_acceptable",
    415: "not_acceptable",
    453: "busy",
    454: "session_lost",
    461: "transport",
    503: "unavailable",
}
TRANSPORT_REFUSED = (406, 461)  # what SETUP answers to a transport that the camera doesn't offer


class SourceError(Exception):
    """The camera can't be read. `problem` is a code as in probing.Probe.problem, `detail` a text without passwords."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem, self.detail = problem, re.sub(r"//[^@/]*@", "//", detail)  # never a password in a log


class UnspokenError(SourceError):
    """The camera sends video in a form that this client doesn't read, but FFmpeg may."""

    def __init__(self, detail: str) -> None:
        super().__init__("unspoken", detail)


def refusal(status: int, method: str, reason: str) -> SourceError:
    """Return the error for an answer other than 200."""
    return SourceError(PROBLEM_OF_STATUS.get(status, "broken"), f"{method}: {status} {reason}"[:200])
