"""How Daphne is started, here and in the Procfile: so that a thousand browsers that come back at once wait their turn.

Pure.
"""

HANDSHAKE_S = 60  # Daphne's 5 s reset the handshakes of a crowd
BACKLOG = 2048  # connections that wait to be taken up; Twisted's 50 make the others try again after 1, 3 and 7 s


def daphne_options(port: int) -> list[str]:
    """Return the command line of Daphne on a port of the loopback."""
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog={BACKLOG}"
    return ["--websocket_connect_timeout", str(HANDSHAKE_S), "-e", endpoint, "discipline.asgi:application"]
