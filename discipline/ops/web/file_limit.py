"""Raise the limit of open files: each open page needs one, and many systems begin with 1024."""

import resource

WANTED = 65_536


def raise_file_limit() -> None:
    """Raise this process's limit to WANTED, or as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
