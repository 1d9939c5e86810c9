"""SSD MobileNet v2, trained on COCO: people and vehicles on a street."""

from pathlib import Path

from streams.detect.api import Picture
from streams.detect.crops import resized, rgb
from streams.detect.model_files import STREET, check
from streams.detect.openvino_runtime import OpenVino
from streams.detect.street_api import SeenThing, Thing
from streams.pixels.shapes import Box

SIDE = 300  # pixels of the square that the network takes
SURE = 0.3  # score above which a box counts; what stands must be seen for minutes anyway
SAME = 0.7  # two boxes that share this much of the smaller one are one thing
COCO = {
    1: Thing.PERSON,
    2: Thing.BICYCLE,
    3: Thing.CAR,
    4: Thing.MOTORCYCLE,
    6: Thing.BUS,
    8: Thing.TRUCK,
    9: Thing.BOAT,
}


class StreetSsd:
    """The network. See `StreetDetector`.

    models: folder of the prepared model files. Raises ModelError when the file is not as it was prepared or the device
    does not run it.
    """

    def __init__(self, models: Path, device: str = "CPU", threads: int = 1) -> None:
        check(models, streets=True)
        self._network = OpenVino(models, device, threads).load(STREET, shape=[1, SIDE, SIDE, 3])

    def see(self, image: Picture) -> list[SeenThing]:
        """Return what is on the picture, best first."""
        self._network.run(rgb(resized(image, SIDE, SIDE))[None])
        boxes = self._network.output("detection_boxes:0")[0]
        scores = self._network.output("detection_scores:0")[0]
        classes = self._network.output("detection_classes:0")[0]
        found: list[SeenThing] = []
        for (y0, x0, y1, x1), score, number in zip(boxes, scores, classes, strict=True):
            thing = COCO.get(int(number))
            if thing is None or score <= SURE:
                continue
            box = Box(float(x0), float(y0), float(x1), float(y1), float(score))
            if all(box.overlap(one.box) < SAME * min(box.area, one.box.area) for one in found):
                found.append(SeenThing(thing, box))
        return found
