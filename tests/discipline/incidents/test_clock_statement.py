"""What a case says of the clocks behind it, and what the kernel says of this machine's."""

from datetime import UTC, datetime

import pytest

from discipline.incidents.case_file.papers import clocks
from streams.servers.kernel_clock import kernel_clock

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ({"server_synchronised": True, "server_at_most_s": 0.0204}, "paling banyak 0,020 detik"),
        ({"server_synchronised": True, "server_at_most_s": 0.0}, "paling banyak 0,001 detik"),
        ({"server_synchronised": True}, "menurut sistem operasinya."),  # measured before the bound was
        ({"server_synchronised": False, "server_at_most_s": None}, "selisihnya dari waktu resmi belum diketahui"),
        ({"server_synchronised": None}, "Belum diketahui apakah"),
        ({"camera_s": -62.5}, "(-62,5 detik)"),
        ({"camera_s": None}, "kamera tidak menyebutkan jamnya"),
        ({"file_s": [0.25, -0.125]}, "Berbeda +0,250 detik pada awal dan -0,125 detik"),
        ({"at": AT.isoformat()}, "23 Nov"),
    ],
)
def test_each_clock_is_spoken_of_as_it_was_measured(measured: dict[str, object], said: str) -> None:
    assert said in "\n".join(line.said for line in clocks.statement(measured))


def test_the_kernel_gives_a_bound_exactly_while_a_time_server_sets_the_clock() -> None:
    clock = kernel_clock()
    assert clock is None or (clock.at_most_s is not None) == clock.synchronised
    assert clock is None or clock.at_most_s is None or 0 <= clock.at_most_s < 60
    measured = clocks.measure(None, None, AT)
    assert measured["server_synchronised"] == (clock.synchronised if clock else None)
