"""The public's stills of street points."""

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from streams.source.hls.playlist_rule import STILL
from streams.source.hls.public_folder import PublicFolder
from streams.source.hls.writer import PublicStream
from streams.watch.public_stills import StillMaker
from tests.support.visitors import room
from tests.support.waiting import wait_until


@pytest.mark.parametrize("width", [320, 640])
def test_a_still_is_as_wide_as_its_point_says(tmp_path: Path, width: int) -> None:
    maker = StillMaker(PublicFolder(tmp_path), lambda _picture: ())
    maker.show_only({1: PublicStream("T-001", live=False, delay_s=0, width=width)})
    maker.start()
    try:
        maker.offer(1, cv2.resize(room(), (1280, 720)), datetime.now(UTC))
        maker.offer(2, room(), datetime.now(UTC))  # of no public point
        written = tmp_path / "T-001" / STILL
        wait_until(written.exists, 20)
    finally:
        maker.stop()
    picture = cv2.imdecode(np.frombuffer(written.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (width * 9 // 16, width)
    assert [one.name for one in tmp_path.iterdir()] == ["T-001"]
