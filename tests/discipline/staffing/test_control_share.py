"""The share of its controls that a counter must see is a number of the rule."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from discipline.staffing.effective_rules import EffectiveRules
from discipline.staffing.models import StaffingRule
from offices.hours.schedule import local_day
from streams.looks.control_choice import ENOUGH
from tests.support.base import World

pytestmark = pytest.mark.django_db


def test_the_closest_rule_gives_each_counter_its_share() -> None:
    world, today = World(), local_day(timezone.now())
    one, other = world.counter(world.ilir35), world.counter(world.ilir35, 2)
    StaffingRule.objects.create(kelurahan=world.ilir35)
    StaffingRule.objects.create(counter=other, control_share=0.9)
    shares = EffectiveRules(today).control_shares()
    assert (shares[one.pk], shares[other.pk]) == (ENOUGH, 0.9)


@pytest.mark.parametrize("share", [0.49, 1.01])
def test_a_share_below_a_half_or_above_one_is_refused(share: float) -> None:
    rule = StaffingRule(control_share=share)
    with pytest.raises(ValidationError) as refused:
        rule.clean_fields()
    assert set(refused.value.message_dict) == {"control_share"}
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()
