"""What the supervisors see, and the news that keeps it so."""


def announce(counters: set[int], alerts: set[int]) -> None:
    """Tell open boards that these counters and alerts changed."""
