"""RTSP viewers of a camera, for the tests of the simulator: PyAV, ffprobe, GStreamer and a hand-written client."""

import os
import shutil
import socket
import subprocess

import av
import numpy as np
import pytest

from streams.simulator.simulator import Simulator

OPTIONS = {"rtsp_transport": "tcp", "probesize": "32768", "analyzeduration": "500000"}


def frames(url: str, count: int, timeout_s: float = 5) -> list[av.VideoFrame]:
    """Return the first `count` pictures of the stream, fewer when it ends before."""
    with av.open(url, timeout=timeout_s, options=OPTIONS) as source:
        seen = []
        for frame in source.decode(video=0):
            seen.append(frame)
            if len(seen) == count:
                break
        return seen


def picture(frame: av.VideoFrame) -> np.ndarray:
    """Return the picture in grey, height × width."""
    return frame.to_ndarray(format="gray")


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        if os.environ.get("REQUIRE_FFPROBE") == "1" and name == "ffprobe":
            pytest.fail("ffprobe is required here")
        pytest.skip(f"{name} is not installed")
    return found


def ffprobe(url: str) -> str:
    """Return codec,profile,width,height,fps as ffprobe prints them; a warning fails the test."""
    wanted = "stream=codec_name,profile,width,height,avg_frame_rate"
    call = [_program("ffprobe"), "-v", "warning", "-rtsp_transport", "tcp", "-show_entries", wanted, "-of", "csv=p=0"]
    done = subprocess.run([*call, url], capture_output=True, text=True, timeout=20, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def gstreamer(url: str, unpack: str, form: str) -> None:
    """Play 30 pictures through the depayloader `unpack`, which must output the caps `form`."""
    source = ["rtspsrc", f"location={url}", "protocols=tcp", "latency=50", "!", unpack, "!"]
    call = [_program("gst-launch-1.0"), *source, form, "!", "fakesink", "num-buffers=30"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=20, check=False)
    if "no element" in done.stderr + done.stdout:
        pytest.skip("GStreamer has no RTP elements here")
    assert done.returncode == 0, done.stderr
    assert "Got EOS" in done.stdout


class Client:
    """A hand-written RTSP client over TCP."""

    def __init__(self, simulator: Simulator, camera: int = 1) -> None:
        self.url = simulator.url(camera, with_credentials=False)
        self.socket = socket.create_connection((simulator.host, simulator.port), 5)
        self.file = self.socket.makefile("rb")
        self.cseq = 0

    def close(self) -> None:
        """Close the connection."""
        self.file.close()
        self.socket.close()

    def say(self, method: str, url: str = "", **headers: str) -> None:
        """Send a request, to the camera's address unless `url` is given."""
        self.cseq += 1
        lines = [f"{method} {url or self.url} RTSP/1.0", f"CSeq: {self.cseq}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def hear(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the next response; skip interleaved packets."""
        while (first := self.file.read(1)) == b"$":
            self.file.read(int.from_bytes(self.file.read(3)[1:], "big"))
        status = int((first + self.file.readline()).split()[1])
        headers = {}
        while (line := self.file.readline().decode().strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return status, headers, self.file.read(int(headers.get("content-length", 0)))

    def ask(self, method: str, url: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Send a request and return its response."""
        self.say(method, url, **headers)
        return self.hear()

    def play(self) -> dict[str, str]:
        """SETUP and PLAY with interleaved channels 0 and 1; return the headers of PLAY."""
        status, headers, _ = self.ask("SETUP", self.url + "/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert status == 200
        self.session = headers["session"].split(";")[0]
        status, headers, _ = self.ask("PLAY", Session=self.session, Range="npt=0.000-")
        assert status == 200
        return headers

    def packet(self) -> tuple[int, bytes]:
        """Return the channel and the payload of the next interleaved packet."""
        head = self.file.read(4)
        assert head[:1] == b"$"
        return head[1], self.file.read(int.from_bytes(head[2:], "big"))
