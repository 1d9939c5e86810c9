"""Put one camera's pictures into its minute files, in the writer's thread."""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams.evidence.recording.feed import FeedPicture
from streams.evidence.recording.files import MinuteFolder, OpenFile
from streams.evidence.recording.minute_file import MinuteFacts, MinuteMaker
from streams.evidence.recording.models import RecordedMinute
from streams.source.codecs.video_format import FORMATS
from streams.source.fmp4 import TICKS, CodedPicture
from streams.source.stream_clock import StreamClock

MINUTE_S = 60
STAGGER_S = 37  # apart by which cameras with successive ids begin their minutes, within a minute
PAUSE_S = 5.0  # a longer one between a picture and the next keyframe is a gap
CLOCK_S = 1.0  # by so much the system's clock may differ from the files' before these follow it
Gap = RecordedMinute.Gap


@dataclass(eq=False, slots=True)
class GrowingMinute:
    """A minute to which pictures are added. slot: see CameraMinutes; waiting: bytes that are not written yet."""

    maker: MinuteMaker
    facts: MinuteFacts
    file: OpenFile
    slot: int
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    waiting: list[bytes] = field(default_factory=list)
    arrived: float = 0.0  # when its last picture did, in seconds since 1970

    def flush(self) -> None:
        """Write what waits. Raises OSError."""
        if self.waiting:
            data = b"".join(self.waiting)
            self.waiting.clear()
            self.file.append(data)
            self.digest.update(data)

    @property
    def ends_at(self) -> datetime:
        """When its last picture arrived."""
        return datetime.fromtimestamp(self.arrived, UTC)


class CameraMinutes:
    """The minutes of one camera. `done` has those that are complete, `torn` those to which the disk took no more.

    A minute ends with the first keyframe of the next slot of MINUTE_S; the slots of cameras are staggered.
    """

    def __init__(self, camera: int, place: int, folder: MinuteFolder) -> None:
        self._camera, self._place, self._folder = camera, place, folder
        self._gap = Gap.SYSTEM
        self._format, self._extradata = FORMATS["h264"], b""
        self._timeline = StreamClock()
        self._shift = _clock_shift()
        self._last = 0  # when the last picture plays, in ticks
        self._growing: GrowingMinute | None = None
        self.done: list[GrowingMinute] = []
        self.torn: list[GrowingMinute] = []

    def begin(self, codec: str, extradata: bytes) -> None:
        """Go on with a connection or other parameter sets. codec: of FORMATS."""
        self._format, self._extradata = FORMATS[codec], extradata
        self._timeline.restart()

    def take(self, picture: FeedPicture) -> None:
        """Add a picture. Nothing is kept before a keyframe, nor while the disk refuses."""
        arrived = picture.clock + self._shift
        at = round(self._timeline.place(picture.at, arrived) * TICKS)
        if picture.keyframe:
            if self._growing and at - self._last > PAUSE_S * TICKS:
                self.end(Gap.CAMERA)
            self._turn(picture, at, arrived)
        self._last = at
        minute = self._growing
        if minute is None:
            return
        minute.arrived = arrived
        made = minute.maker.add(CodedPicture(self._format.to_length_prefixed(picture.data), at, 0, picture.keyframe))
        if made:
            minute.waiting.append(made)

    def _turn(self, picture: FeedPicture, at: int, arrived: float) -> None:
        """Begin a minute with this keyframe, if it is time to."""
        find = self._format.parameter_sets_of
        parameters = find(picture.data) or find(self._extradata)
        slot = (at // TICKS + self._camera * STAGGER_S % MINUTE_S) // MINUTE_S
        now = self._growing
        if now:
            if (slot, picture.kept_as) == (now.slot, now.facts.kept_as) and parameters in (None, now.maker.parameters):
                return
            parameters = parameters or now.maker.parameters
            self._complete(at)
            self._gap = Gap.NONE
        if parameters is None or self._folder.refuses:
            self._gap = Gap.DISK if self._folder.refuses else self._gap
            return
        begins = datetime.fromtimestamp(arrived, UTC)
        facts = MinuteFacts(self._camera, self._place, picture.kept_as, str(self._gap), begins.isoformat())
        try:
            maker = MinuteMaker(parameters, facts)
            file = self._folder.open(self._camera, begins)
        except ValueError:
            self._gap = Gap.FORMAT
        except OSError as error:
            self._refuse(error)
        else:
            self._growing, self._gap = GrowingMinute(maker, facts, file, slot), Gap.NONE
            if abs(_clock_shift() - self._shift) > CLOCK_S:
                self._shift = _clock_shift()
                self._timeline.restart()

    def flush(self) -> None:
        """Write what is complete of the growing minute."""
        if self._growing:
            self._try_flush(self._growing)

    def end(self, gap: Gap) -> None:
        """Complete the growing minute, as no pictures come for this reason."""
        self._complete(None)
        # A reason that came first stays: what follows it hides nothing more.
        self._gap = self._gap if self._gap not in (Gap.NONE, Gap.SYSTEM) and gap == Gap.SYSTEM else gap

    def _complete(self, ends: int | None) -> None:
        minute = self._growing
        if minute is None:
            return
        if last := minute.maker.close(ends):
            minute.waiting.append(last)
        if self._try_flush(minute):
            self._growing = None
            self.done.append(minute)

    def _try_flush(self, minute: GrowingMinute) -> bool:
        try:
            minute.flush()
        except OSError as error:
            self._growing = None
            self.torn.append(minute)
            self._refuse(error)
            return False
        return True

    def _refuse(self, error: OSError) -> None:
        self._folder.refused(error)
        self._gap = Gap.DISK


def _clock_shift() -> float:
    """Return the system's time, in seconds since 1970, less the monotonic clock's."""
    return time.time() - time.monotonic()
