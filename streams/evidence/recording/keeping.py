"""The recording as one watch process runs it: which of its cameras are recorded, the writer, the rows, the mending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from offices.hours.schedule import local_day
from streams.cameras.models import Camera
from streams.evidence.recording.classes import recorded_classes
from streams.evidence.recording.mending import Mending
from streams.evidence.recording.writer import MinuteRecorder

CLASSES_FOR = timedelta(seconds=30)  # how often the rules and points are read


class MinuteKeeper:
    """Records the cameras of one watch process. `tend` is called with each heartbeat, in the thread that may wait."""

    def __init__(self, root: Path) -> None:
        self.recorder = MinuteRecorder(root)
        self._mending = Mending(self.recorder.folder, self.recorder.rows)
        self._chosen: tuple[datetime, list[int]] | None = None  # when classes were read, and for which cameras

    def start(self) -> None:
        """Start the threads, and mend what a killed process left."""
        self.recorder.start()
        self._mending.start()

    def stop(self) -> None:
        """Complete all files; their rows are stored by one more call of `store`, or mended at the next start."""
        self._mending.stop()
        self.recorder.stop()

    def tend(self, cameras: Sequence[Camera], now: datetime) -> None:
        """Choose those of the cameras that are to be recorded, and store the rows that wait. Raises DatabaseError."""
        held = sorted(camera.pk for camera in cameras)
        if self._chosen is None or self._chosen[1] != held or abs(now - self._chosen[0]) >= CLASSES_FOR:
            self.recorder.choose(recorded_classes(cameras, local_day(now)))
            self._chosen = now, held
        self.store()

    def store(self) -> None:
        """Store the rows that wait. Raises DatabaseError."""
        self.recorder.rows.store()

    @property
    def problem(self) -> str:
        """Why nothing can be recorded now, "" while it can."""
        problem = self.recorder.folder.problem
        return f"recordings: {problem}" if problem else ""
