"""What is watched at a place: counters; with the models of places, which locations/models.py holds."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.expressions import Func
from django.utils.translation import gettext_lazy as _

from offices.places.locations.models import (
    Agency,
    Kecamatan,
    Kelurahan,
    Place,
    Placed,
    PlacedQuerySet,
    fill_places,
)
from offices.places.locations.office_models import Office, at_office, of_offices, place_of

__all__ = [
    "Agency",
    "Counter",
    "Kecamatan",
    "Kelurahan",
    "Office",
    "Place",
    "Placed",
    "PlacedQuerySet",
    "Subject",
    "at_office",
    "fill_places",
    "of_offices",
    "place_of",
]


class CounterQuerySet(PlacedQuerySet["Counter"]):
    """The default queryset of counters."""

    def bulk_create(self, objs: "Iterable[Counter]", *args: Any, **kwargs: Any) -> "list[Counter]":
        """Create the counters and the subject of each."""
        with transaction.atomic():
            made = super().bulk_create(objs, *args, **kwargs)
            Subject.objects.bulk_create(one.make_subject() for one in made)
        return made

    def of_kelurahan(self) -> "CounterQuerySet":
        """Keep those of kelurahan offices: what pages, reports and the API are about so far."""
        return self.filter(kelurahan__isnull=False)


class Counter(Placed):
    """A service counter (loket) of a kelurahan or kecamatan office. `quorum`: the number of staff it needs."""

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="counters", limit_choices_to=~Q(kind="point"), verbose_name=_("tempat")
    )
    kelurahan = models.ForeignKey(Kelurahan, models.CASCADE, null=True, blank=True, related_name="counters")
    name = models.CharField(_("nama"), max_length=60)
    quorum = models.PositiveSmallIntegerField(_("jumlah petugas minimal"), default=1)
    active = models.BooleanField(_("dipantau"), default=True)

    objects = CounterQuerySet.as_manager()

    class Meta:
        ordering = ["kelurahan", "name"]
        verbose_name = verbose_name_plural = _("loket")
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "name"], name="counter_named_once_per_office"),
            models.UniqueConstraint(fields=["place", "name"], name="counter_named_once_per_place"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="counter_needs_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.kelurahan or self.place}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the counter, and a new one's subject with it."""
        adding = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if adding:
                self.make_subject().save()

    def make_subject(self) -> "Subject":
        """Return its subject, unsaved."""
        return Subject(pk=self.pk, kind=Subject.Kind.COUNTER, place_id=self.place_id, counter=self)

    @property
    def office(self) -> Office:
        """Its kelurahan, or the place of its kecamatan office. Needs `kelurahan` or `place__kecamatan` loaded."""
        return self.kelurahan or self.place

    @property
    def kecamatan_id(self) -> int | None:
        """The id of the kecamatan that its office belongs to. Needs `kelurahan` and `place` loaded."""
        return self.kelurahan.kecamatan_id if self.kelurahan else self.place.kecamatan_id


class Subject(models.Model):
    """What a zone is drawn for and a span is about: a counter; later a flood mark, a parking lane.

    The subject of a counter has the counter's id and place. Every other kind takes its id from the counters' sequence,
    so that an id never stands for two subjects.
    """

    class Kind(models.TextChoices):
        """What it is; each other kind will have a table of its own that points here."""

        COUNTER = "counter", _("Loket")

    id = models.BigIntegerField(
        primary_key=True, db_default=Func(Value("offices_counter_id_seq"), function="nextval"), editable=False
    )
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind.choices)
    place = models.ForeignKey(Place, models.CASCADE, related_name="subjects", verbose_name=_("tempat"))
    counter = models.OneToOneField(Counter, models.CASCADE, null=True, blank=True, related_name="subject")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("objek pantauan")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="counter", counter__isnull=False, id=F("counter"))
                | ~Q(kind="counter") & Q(counter=None),
                name="subject_is_what_its_kind_says",
            ),
        ]

    def __str__(self) -> str:
        return str(self.counter or f"{self.get_kind_display()} {self.pk}")
