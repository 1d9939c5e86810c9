"""Choose the streams to use of a camera, and what to change at it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from streams.cameras.addresses import device_of, stream_of, tidy_address
from streams.control.device import DeviceClock, DeviceProfile, DeviceReport, GopChange

KEYFRAME_S = 2.0  # wanted between keyframes: looks decode keyframes only
TOLERATED_S = 2.1
CLOCK_OFF_S = 5.0  # a camera refuses signatures that are further off
SMALL = (640, 360)
LARGEST_SMALL = 704 * 576  # pixels; the usual second stream of older cameras


@dataclass(frozen=True, slots=True)
class StreamChoice:
    """The streams of one lens or channel: the large one, and the small one for viewing many cameras at once."""

    main: DeviceProfile | None
    small: DeviceProfile | None = None

    @property
    def used(self) -> tuple[DeviceProfile, ...]:
        """Both, as far as there are."""
        return tuple(profile for profile in (self.main, self.small) if profile)


def choices(report: DeviceReport) -> list[StreamChoice]:
    """Return the proposed streams of each lens or channel, in the camera's order."""
    usable = [profile for profile in report.profiles if profile.url]
    sources = dict.fromkeys(profile.source for profile in usable)
    return [_choose([profile for profile in usable if profile.source == source]) for source in sources]


def choice_for(report: DeviceReport, url: str, sub_url: str) -> StreamChoice | None:
    """Return the streams of a camera with these addresses: its own where the device has them, else the proposed ones.

    None when the device doesn't offer `url`.
    """
    main = find_profile(report.profiles, url)
    if main is None:
        return None
    of_source = [profile for profile in report.profiles if profile.url and profile.source == main.source]
    small = find_profile(report.profiles, sub_url) if sub_url else _small(of_source, main)
    return StreamChoice(main, small)


def find_profile(profiles: Iterable[DeviceProfile], url: str) -> DeviceProfile | None:
    """Return the profile of this address; one that differs in its query only is taken if there is one such."""
    wanted = tidy_address(url)
    usable = [profile for profile in profiles if profile.url]
    for profile in usable:
        if stream_of(profile.url) == stream_of(wanted):
            return profile
    alike = [profile for profile in usable if _path(profile.url) == _path(wanted)]
    return alike[0] if len(alike) == 1 else None


def gop_change(profile: DeviceProfile) -> GopChange | None:
    """Return the change that brings a keyframe every KEYFRAME_S, None when that is so, or can't be told or reached."""
    if profile.codec not in ("h264", "h265") or not profile.encoder or not profile.fps:
        return None
    if profile.gop_s is not None and profile.gop_s <= TOLERATED_S:
        return None
    least, most = profile.gop_range or (1, 10_000)
    wanted = min(max(round(profile.fps * KEYFRAME_S), least, 1), most)
    if wanted < 1 or profile.gop == wanted or (profile.gop and wanted > profile.gop):
        return None
    return GopChange(profile.service, profile.encoder, profile.name or profile.token, profile.gop, wanted)


def gop_changes(choice: StreamChoice) -> list[GopChange]:
    """Return the changes of both streams; one encoder that serves both is set once."""
    changes = [change for profile in choice.used if (change := gop_change(profile))]
    return list({(change.service, change.encoder): change for change in changes}.values())


def is_clock_off(clock: DeviceClock | None) -> bool:
    """Return whether the clock should be set."""
    return clock is not None and abs(clock.offset_s) >= CLOCK_OFF_S


def _choose(profiles: list[DeviceProfile]) -> StreamChoice:
    readable = [profile for profile in profiles if profile.codec in ("h264", "h265")] or profiles
    main = max(readable, key=lambda one: (one.width * one.height, one.codec == "h264"))
    return StreamChoice(main, _small(profiles, main))


def _small(profiles: list[DeviceProfile], main: DeviceProfile) -> DeviceProfile | None:
    fit = [
        one
        for one in profiles
        if one.codec == "h264"
        and stream_of(one.url) != stream_of(main.url)
        and device_of(one.url) == device_of(main.url)  # both are read with one password
        and 0 < one.width * one.height <= min(LARGEST_SMALL, main.width * main.height)
    ]
    within = [one for one in fit if one.width <= SMALL[0] and one.height <= SMALL[1]]
    if within:
        return max(within, key=lambda one: one.width * one.height)
    return min(fit, key=lambda one: one.width * one.height, default=None)


def _path(url: str) -> str:
    return stream_of(url).partition("?")[0]
