"""What a watch shows the public of the cameras that it reads: their video and stills."""

from collections.abc import Collection, Mapping
from pathlib import Path

from streams.evidence.redaction.rule import Head, visitor_heads
from streams.pixels.jpeg import Picture
from streams.pixels.shapes import Box
from streams.source.hls.public_folder import PublicFolder
from streams.source.hls.writer import PublicStream, StreamWriter
from streams.watch.public_stills import StillMaker

# Columns and trees are found as people who are as tall as the picture, empty roads as people who lie across it.
DOUBTFUL = 0.1  # score below which a box must have the shape of a person
TALLEST, WIDEST = 0.6, 1.2  # shares of the picture's height and of the box's own


class PublicBroadcast:
    """The video and the stills of one watch, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = PublicFolder(folder)
        self.video = StreamWriter(self.folder)
        self.stills = StillMaker(self.folder, everybodys_heads)

    def start(self) -> None:
        """Start the threads."""
        self.video.start()
        self.stills.start()

    def stop(self) -> None:
        """End the threads."""
        self.video.stop()
        self.stills.stop()

    def show_only(self, wanted: Mapping[int, PublicStream], city: Collection[PublicStream]) -> None:
        """Show these cameras, by id. city: what is shown of all cameras, this watch's and others'."""
        self.video.show_only(wanted, city)
        self.stills.show_only(wanted)


def everybodys_heads(image: Picture) -> tuple[Head, ...]:
    """Return the heads of all people: on a street nobody is staff. Raises ModelError."""
    from streams.detect import faces  # noqa: PLC0415 late: a watch that shows nothing to the public needs no faces

    found, people = faces.loaded().find(image)
    return visitor_heads(found, [one for one in people if _may_be_somebody(one, image)])


def _may_be_somebody(person: Box, image: Picture) -> bool:
    """Return whether a doubtful box has the shape of a person before a camera on a pole; one that is not always may."""
    height, width = image.shape[:2]
    tall, wide = (person.y1 - person.y0) * height, (person.x1 - person.x0) * width
    return person.score >= DOUBTFUL or (tall <= TALLEST * height and wide <= WIDEST * tall)
