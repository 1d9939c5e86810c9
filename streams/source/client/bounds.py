"""How long and how much reading a camera may take. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingBounds:
    """In seconds, but for redirects.

    connect_s: until connected, and again until TLS is agreed; answer_s: until each answer; picture_s: between two
    pictures of the video that is read; silent_s: until the first picture, while another video could be read instead;
    keyframe_s: between two sound keyframes while packets are lost, and until the first; behind_s: age of what is
    read; report_s: between receiver reports; goodbye_s: until the answer to TEARDOWN; tick_s: how often all this is
    looked at. redirects: how many times in a row a camera may refer to another address.
    """

    connect_s: float = 5.0
    answer_s: float = 10.0
    picture_s: float = 10.0
    silent_s: float = 4.0
    keyframe_s: float = 30.0
    behind_s: float = 5.0
    report_s: float = 10.0
    goodbye_s: float = 0.5
    tick_s: float = 0.5
    redirects: int = 3
