"""Earlier pictures of a zone's staff, with which the detector is tested in poor light."""

from django.db import models


class StaffControl(models.Model):
    """A zone and its surroundings in a picture in which the zone was found staffed.

    Shown to nobody; kept as long as evidence that no case needs, and destroyed with the zone, counter or camera.
    """

    zone = models.ForeignKey("streams.Zone", models.CASCADE, related_name="controls")
    at = models.DateTimeField()
    score = models.FloatField()  # 0 to 1, of the person who was seen best: the lower, the harder
    jpeg = models.BinaryField()

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["zone", "at"])]

    def __str__(self) -> str:
        return f"{self.zone} {self.at:%Y-%m-%d %H:%M}"
