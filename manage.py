#!/usr/bin/env python
"""Sidak's command line. Starts the embedded PostgreSQL and Valkey where a command needs them."""

import os
import sys

# These need no database, unless they get one of the options NEEDING; all other commands may use it.
WITHOUT_SERVICES = {
    "replay",
    "evaluate",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "help",
    "version",
}
NEEDING = {"--alert", "--reviews"}
WITHOUT_PAGES = {"watch", "bench_watch"}  # they take less memory


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in WITHOUT_PAGES:
        os.environ.setdefault("SIDAK_PAGES", "0")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ImportError:
        sys.exit("Django is not installed for this Python. Run `make install`, then use .venv/bin/python manage.py …")
    alone = command in WITHOUT_SERVICES and not NEEDING & {argument.split("=")[0] for argument in sys.argv}
    if not alone and not {"-h", "--help", "--version"} & set(sys.argv):
        from discipline.ops.local import embedded  # noqa: PLC0415 late: only some commands need it

        try:
            embedded.ensure_servers()
        except embedded.ServicesError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
