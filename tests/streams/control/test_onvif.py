"""Reading and setting a camera by ONVIF: the simulator's face with its faults."""

import threading
from collections.abc import Iterator

import pytest

from streams.control import devices, proposal
from streams.control.device import DeviceError, DeviceLogin, DeviceReport, GopChange
from streams.simulator.onvif import OnvifFace, OnvifFault, OnvifStream

pytest_plugins = ["tests.support.onvif_peers"]
LOGIN = DeviceLogin("sidak", "rahasia")
HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def loopback(own_machine_allowed: None) -> None:
    del own_machine_allowed  # requested for its effect


@pytest.fixture
def face() -> Iterator[OnvifFace]:
    with OnvifFace() as running:
        yield running


def read(face: OnvifFace, login: DeviceLogin = LOGIN) -> DeviceReport:
    return devices.read_device(HOST, face.port, login)


def code_of(face: OnvifFace, login: DeviceLogin = LOGIN) -> str:
    with pytest.raises(DeviceError) as caught:
        read(face, login)
    return caught.value.code


def write(face: OnvifFace, *gops: GopChange, clock: bool = False) -> devices.WriteOutcome:
    return devices.write_device(HOST, face.port, LOGIN, list(gops), clock=clock)


def changes(face: OnvifFace) -> list[GopChange]:
    [choice] = proposal.choices(read(face))
    return proposal.gop_changes(choice)


@pytest.mark.parametrize("version2", [False, True], ids=["media", "media2"])
def test_a_camera_says_what_it_is_and_offers(face: OnvifFace, version2: bool) -> None:
    face.version2 = version2
    report = read(face)
    assert (report.make, report.model, report.firmware, report.port) == ("Sidak", "Simulator", "1.0", face.port)
    assert report.clock
    assert abs(report.clock.offset_s) < 1.5
    main, small = report.profiles
    assert (main.codec, main.width, main.height, main.fps, main.gop, main.gop_s) == ("h264", 1920, 1080, 25, 250, 10)
    assert (main.gop_range, main.bitrate_kbps) == ((1, 400), 1024)
    assert (main.url, small.url) == ("rtsp://127.0.0.1:554/cam001", "rtsp://127.0.0.1:554/cam001-small")


@pytest.mark.parametrize("version2", [False, True], ids=["media", "media2"])
def test_only_the_distance_of_keyframes_is_written(face: OnvifFace, version2: bool) -> None:
    """The face refuses a configuration in which anything else differs from its own."""
    face.version2 = version2
    wanted = changes(face)
    assert [(change.former, change.wanted) for change in wanted] == [(250, 50), (250, 50)]
    outcome = write(face, *wanted)
    assert [former for _change, former in outcome.written] == [250, 250]
    assert [stream.gop for stream in face.streams.values()] == [50, 50]
    assert changes(face) == []


@pytest.mark.parametrize("skew_s", [-3700.0, 90.0], ids=["an hour behind", "ahead"])
def test_a_camera_with_a_wrong_clock_gets_signatures_by_that_clock(face: OnvifFace, skew_s: float) -> None:
    face.clock_s = skew_s
    report = read(face)
    assert report.clock
    assert report.clock.offset_s == pytest.approx(skew_s, abs=1.5)
    assert proposal.is_clock_off(report.clock)
    signed = face.requests[1:]
    assert "GetSystemDateAndTime" not in signed, "the clock was asked once, and nothing was refused"


def test_the_clock_is_set_last_and_keeps_its_time_zone(face: OnvifFace) -> None:
    face.clock_s, face.by_ntp = -3700, True
    outcome = write(face, *changes(face), clock=True)
    assert (len(outcome.written), outcome.clock_sent, outcome.clock_problem) == (2, True, "")
    assert abs(face.clock_s) < 2
    assert face.requests.index("SetSystemDateAndTime") > face.requests.index("SetVideoEncoderConfiguration")


def test_a_wrong_password_is_tried_once(face: OnvifFace) -> None:
    assert code_of(face, DeviceLogin("sidak", "salah")) == "unauthorized"
    assert face.requests == ["GetSystemDateAndTime", "GetDeviceInformation"]


def test_a_camera_that_refuses_digests_never_gets_the_plain_password(face: OnvifFace) -> None:
    face.fault = OnvifFault.REFUSED_DIGEST
    assert code_of(face) == "unauthorized"
    assert len(face.requests) == 2


def test_without_a_login_the_camera_is_said_to_want_one(face: OnvifFace) -> None:
    assert code_of(face, DeviceLogin()) == "login_needed"


def test_a_locked_account_is_reported_as_such(face: OnvifFace) -> None:
    face.fault = OnvifFault.LOCKED
    assert code_of(face) == "locked"


def test_a_clock_that_is_shown_to_users_only_is_read_signed(face: OnvifFace) -> None:
    face.fault = OnvifFault.GUARDED_CLOCK
    assert read(face).model == "Simulator"


def test_an_old_camera_names_its_services_in_its_capabilities(face: OnvifFace) -> None:
    face.fault = OnvifFault.OLD
    assert len(read(face).profiles) == 2


def test_a_challenge_for_http_digest_is_answered(face: OnvifFace) -> None:
    face.http_digest = True
    assert read(face).model == "Simulator"
    assert code_of(face, DeviceLogin("sidak", "salah")) == "unauthorized"


def test_addresses_stay_on_the_cameras_own_host(face: OnvifFace) -> None:
    face.fault = OnvifFault.OTHER_HOST  # of its services too: they are asked at the own one
    assert {profile.url for profile in read(face).profiles} == {
        "rtsp://127.0.0.1:554/cam001",
        "rtsp://127.0.0.1:554/cam001-small",
    }


@pytest.mark.parametrize(
    ("fault", "code"), [(OnvifFault.FIXED_PROFILE, "fixed"), (OnvifFault.FORGETFUL, "not_kept")], ids=str
)
def test_a_setting_that_does_not_stick_is_reported(face: OnvifFace, fault: OnvifFault, code: str) -> None:
    wanted = changes(face)
    face.fault = fault
    outcome = write(face, *wanted)
    assert outcome.written == []
    assert list(outcome.problems.values()) == [code, code]


@pytest.mark.parametrize("fault", [OnvifFault.FIXED_CLOCK, OnvifFault.FORGETFUL], ids=str)
def test_a_clock_that_cannot_be_set_is_reported(face: OnvifFace, fault: OnvifFault) -> None:
    face.clock_s, face.fault = 60, fault
    outcome = write(face, clock=True)
    assert (outcome.clock_sent, outcome.clock_problem) == (False, "clock_refused")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(face: OnvifFace) -> None:
    wanted = changes(face)
    face.streams["main"].gop = 100
    outcome = write(face, *wanted)
    assert [(change.encoder, why) for change, why in outcome.problems.items()] == [("enc-main", "changed")]
    assert [stream.gop for stream in face.streams.values()] == [100, 50]


def test_an_address_with_the_password_in_it_is_not_offered(face: OnvifFace) -> None:
    face.streams["main"] = OnvifStream("/user=sidak&password=rahasia&channel=1", 1920, 1080)
    assert [profile.url for profile in read(face).profiles] == ["", "rtsp://127.0.0.1:554/cam001-small"]


def test_a_camera_outside_the_allowed_networks_is_never_asked(face: OnvifFace, settings: object) -> None:
    settings.CAMERA_NETWORKS = []  # type: ignore[attr-defined]
    assert code_of(face) == "not_allowed"
    assert face.requests == []


def test_the_usual_ports_are_tried(face: OnvifFace, settings: object) -> None:
    settings.ONVIF_PORTS = [1, face.port]  # type: ignore[attr-defined]
    assert devices.read_device(HOST, None, LOGIN).port == face.port
    settings.ONVIF_PORTS = [1]  # type: ignore[attr-defined]
    with pytest.raises(DeviceError, match="unreachable"):
        devices.read_device(HOST, None, LOGIN)


def test_a_write_without_an_answer_is_known_as_sent(face: OnvifFace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The camera takes the setting and then hangs: what was written must still be logged and undone."""
    wanted = changes(face)
    hanging = threading.Event()
    original = face.answer

    def answer(request: str, authorization: str) -> tuple[int, str]:
        status, text = original(request, authorization)
        if "SetVideoEncoderConfiguration" in request:
            hanging.wait(10)
        return status, text

    monkeypatch.setattr(type(face), "answer", lambda _face, *arguments: answer(*arguments))
    monkeypatch.setattr(devices, "LONGEST_S", 0.5)
    outcome = write(face, *wanted, clock=True)
    hanging.set()
    assert [(change.encoder, former) for change, former in outcome.sent] == [("enc-main", 250)]
    assert (outcome.written, outcome.clock_sent, outcome.clock_problem) == ([], False, "slow")
    assert list(outcome.problems.values()) == ["unconfirmed", "slow"]


def test_a_login_that_is_refused_half_way_is_not_tried_again(face: OnvifFace, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = changes(face)
    original = face.answer

    def answer(request: str, authorization: str) -> tuple[int, str]:
        answered = original(request, authorization)
        if "SetVideoEncoderConfiguration" in request:
            face.fault = OnvifFault.REFUSED_DIGEST
        return answered

    monkeypatch.setattr(type(face), "answer", lambda _face, *arguments: answer(*arguments))
    outcome = write(face, *wanted, clock=True)
    assert [change.encoder for change, _former in outcome.sent] == ["enc-main"], "it was written, so it is logged"
    assert list(outcome.problems.values()) == ["unconfirmed", "unauthorized"]
    assert (outcome.clock_sent, outcome.clock_problem) == (False, "unauthorized")
    after = face.requests[face.requests.index("SetVideoEncoderConfiguration") + 1 :]
    assert after == ["GetVideoEncoderConfiguration"] * 2
