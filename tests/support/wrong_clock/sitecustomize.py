"""Read by a Python whose PYTHONPATH names this folder: its clock is wrong by the seconds in the file WRONG_CLOCK."""

import datetime
import os
from pathlib import Path
from typing import Any


class LooksRight(type(datetime.datetime)):  # type: ignore[misc]
    def __instancecheck__(cls, one: Any) -> bool:
        return isinstance(one, right)


class WrongClock(datetime.datetime, metaclass=LooksRight):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return right(*args, **kwargs)

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return right.now(tz) + datetime.timedelta(seconds=float(wrong_by.read_text() or 0))


right, wrong_by = datetime.datetime, Path(os.environ["WRONG_CLOCK"])
datetime.datetime = WrongClock  # type: ignore[misc]
