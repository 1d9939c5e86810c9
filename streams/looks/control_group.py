"""Would this camera, as it sees now, have seen the staff that it has seen before?

A zone in which nobody is found may be empty, or too dim, hazy or blurred for the detector. Earlier pictures of staff in
the same zone, the controls, are brought into the light of the present picture and shown to the same detector. If too
few of them are seen, the zone can't be judged. A cut-out person pasted into the picture proves nothing: the detector
finds it in zones in which it loses real people.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from streams.detect.api import Detector, Picture
from streams.detect.crops import resized
from streams.detect.relight import surroundings
from streams.looks.control_choice import ENOUGH
from streams.looks.shown_controls import encode_shown, show_control
from streams.pixels.jpeg import decode_jpeg, encode_jpeg
from streams.pixels.light import NO_LIGHT, light_levels
from streams.pixels.light_change import LightChange, MeasuredLight, is_doubtful, is_night_mode, is_unreadable
from streams.pixels.lookalikes import painted, unchanged_in
from streams.pixels.occupancy import UNCLEAR, ControlCount, DetectionStep, ShownControl, ZoneFinding
from streams.pixels.shapes import DrawnZone

FEW = 12  # with fewer controls the picture's contrast and sharpness decide
AT_A_TIME = 4  # controls shown at one look, so that the other cameras don't wait
LASTS_S = 120.0  # after which the light is measured again
LONGEST_S = 600.0  # that an outcome stands while the light is the same
SEED = 1  # of the grain that is added: the same pictures give the same outcome
LONGEST = 480  # pixels of a control's longer side: more than the models look at
QUALITY = 92  # of its JPEG; decoded, the controls of a hundred cameras would fill gigabytes


def encode_control(part: Picture) -> bytes:
    """Return a zone and its surroundings as a control is kept: a JPEG, at most LONGEST pixels wide and high."""
    height, width = part.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    small = resized(part, max(1, round(scale * width)), max(1, round(scale * height)))
    return encode_jpeg(small, QUALITY)


class ControlGroup:
    """The controls of one zone, and what the detector last saw of them.

    reference: returns the zone and its surroundings (see `relight.surroundings`) in the camera's reference picture;
    called when they are needed, as those of a hundred cameras would fill memory. controls: the same part of earlier
    pictures in which the zone was found staffed, by `encode_control`; read slice by slice as they are shown. few: with
    fewer controls none is shown. enough: the share that must be seen.
    """

    def __init__(
        self,
        zone: DrawnZone,
        reference: Callable[[], Picture],
        controls: Sequence[bytes],
        *,
        enough: float = ENOUGH,
        few: int = FEW,
        at_a_time: int = AT_A_TIME,
    ) -> None:
        self._zone, self._reference, self._controls = zone, reference, controls
        self._enough, self._few, self._at_a_time = enough, few, at_a_time
        self._trial: _Trial | None = None  # in progress
        self._outcome: ControlCount | None = None
        self._judged_at: datetime | None = None
        self._levels = NO_LIGHT
        self._tried: tuple[MeasuredLight, datetime] | None = None  # the light of the trial whose outcome stands
        self.spent_s = 0.0  # processor seconds

    def __len__(self) -> int:
        return len(self._controls)

    @property
    def counter(self) -> int:
        """The counter of the zone."""
        return self._zone.counter

    def require(self, enough: float) -> None:
        """Take another share that must be seen. May be called from another thread."""
        if enough != self._enough:
            self._enough, self._tried = enough, None

    def set_controls(self, controls: Sequence[bytes]) -> None:
        """Take other controls from the next trial on. May be called from another thread."""
        self._controls, self._tried = controls, None

    def in_poor_light(self, image: Picture) -> bool:
        """Return whether the zone and its surroundings show less than they did in the reference."""
        part = image[surroundings(image, self._zone)]
        return is_doubtful(part, resized(self._reference(), part.shape[1], part.shape[0]))

    def judge(self, detector: Detector, image: Picture, finding: ZoneFinding, at: datetime) -> ZoneFinding:
        """Return the finding with `controls`, if too few people were found and the light is unlike the reference's.

        At most `at_a_time` controls are shown per call; until the outcome is certain the one before stands, at first
        none. After LASTS_S seconds, or when the light has changed, it is judged again. In the same light the outcome of
        the same controls stands for LONGEST_S.
        """
        began = time.thread_time()
        try:
            return self._judged(detector, image, finding, at)
        finally:
            self.spent_s += time.thread_time() - began

    def _judged(self, detector: Detector, image: Picture, finding: ZoneFinding, at: datetime) -> ZoneFinding:
        if finding.people >= self._zone.quorum:
            if self._outcome and self._outcome.pictures:
                self._outcome = replace(self._outcome, pictures=())  # no empty counter needs them any more
            return finding
        rows, columns = surroundings(image, self._zone)
        part = image[rows, columns]
        if self._trial is not None or self._is_due(part, finding, at):
            reference = resized(self._reference(), part.shape[1], part.shape[0])
            if self._trial is None:
                self._begin(part, reference, at)
            if self._trial is not None:
                self._continue(self._trial, detector, image, reference)
        return replace(finding, controls=self._outcome)

    def _is_due(self, part: Picture, finding: ZoneFinding, at: datetime) -> bool:
        if self._judged_at is None or (at - self._judged_at).total_seconds() >= LASTS_S:
            return True
        return finding.step is not DetectionStep.UNCHANGED and light_levels(part).differ(self._levels)

    def _begin(self, part: Picture, reference: Picture, at: datetime) -> None:
        self._judged_at, self._levels = at, light_levels(part)
        if is_night_mode(part, reference):
            # It changes skin, hair and cloth each in its own way. Controls don't show that, and would be seen too well.
            self._outcome = UNCLEAR
        elif not is_doubtful(part, reference):
            self._outcome = None
        elif len(self) < self._few:
            self._outcome = ControlCount(0, 0, clear=not is_unreadable(part, reference))
        elif not self._stands(light := MeasuredLight.of(part), at):
            self._trial = _Trial(self._controls, light, at, np.random.default_rng(SEED))

    def _stands(self, light: MeasuredLight, at: datetime) -> bool:
        """Return whether the last trial says what another would. Without its pictures it is no evidence."""
        if self._tried is None or self._outcome is None or not self._outcome.pictures:
            return False
        tried_light, tried_at = self._tried
        return 0 <= (at - tried_at).total_seconds() < LONGEST_S and light.is_like(tried_light)

    def _continue(self, trial: "_Trial", detector: Detector, image: Picture, reference: Picture) -> None:
        rows, columns = surroundings(image, self._zone)
        height, width = reference.shape[:2]
        change = LightChange(image[rows, columns], reference)
        shown_before, trial.shown = trial.shown, min(trial.shown + self._at_a_time, len(trial.controls))
        for jpeg in trial.controls[shown_before : trial.shown]:
            if (control := decode_jpeg(jpeg)) is None:
                continue
            earlier, picture = image.copy(), image.copy()
            earlier[rows, columns] = resized(control, width, height)
            picture[rows, columns] = change.applied_to(earlier[rows, columns], trial.dice)
            # Portraits are recognised in the control's own light: one that is not would pass for its staff.
            picture = painted(picture, unchanged_in(earlier, self._zone.ignored))
            # The detector is shown what is kept, so that it can be shown again.
            jpeg = encode_shown(picture[rows, columns])
            shown = show_control(detector, picture, self._zone, jpeg)
            trial.pictures.append(shown)
            trial.seen += shown.seen
        missed = trial.shown - trial.seen
        lost = missed > (1 - self._enough) * len(trial.controls) + 1e-9
        if lost or trial.shown == len(trial.controls):
            pictures = tuple(trial.pictures)
            self._outcome = ControlCount(trial.seen, trial.shown, not lost, pictures)
            self._trial = None
            self._tried = (trial.light, trial.at) if trial.controls is self._controls else None


@dataclass(slots=True)
class _Trial:
    """How many controls have been shown so far, and seen."""

    controls: Sequence[bytes]
    light: MeasuredLight  # and when it was measured
    at: datetime
    dice: np.random.Generator
    shown: int = 0
    seen: int = 0
    pictures: list[ShownControl] = field(default_factory=list)
