"""Makes the clock of a Python with this folder in PYTHONPATH wrong by the seconds in the file named by WRONG_CLOCK."""

import datetime
import os
from pathlib import Path
from typing import Any


class LooksRight(type(datetime.datetime)):  # type: ignore[misc]
    """A metaclass that makes every real datetime an instance of WrongClock."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, right)


class WrongClock(datetime.datetime, metaclass=LooksRight):
    """A datetime whose `now` is wrong; it constructs real datetimes."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a real datetime."""
        return right(*args, **kwargs)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        """Return the wrong time; the file is read at each call."""
        return right.now(tz) + datetime.timedelta(seconds=float(wrong_by.read_text() or 0))


right, wrong_by = datetime.datetime, Path(os.environ["WRONG_CLOCK"])
datetime.datetime = WrongClock  # type: ignore[misc]
