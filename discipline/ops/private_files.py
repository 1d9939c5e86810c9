"""Close what earlier releases wrote to the other users of the machine. New files: the umask of core.environment."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path


def close_to_others(folders: Iterable[Path]) -> None:
    """Take all rights of other users from those folders that exist and that this process owns.

    Nothing below a closed folder can be reached.
    """
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:
            continue
        if status.st_uid == os.geteuid() and status.st_mode & stat.S_IRWXO:
            folder.chmod(stat.S_IMODE(status.st_mode) & ~stat.S_IRWXO)
