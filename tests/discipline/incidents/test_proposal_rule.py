"""Whom to ask first: who handles the type there, the most local first."""

from discipline.incidents.dispatch.proposal_rule import Askable, Reach, Spot, proposed_and_others

SPOT = Spot("16.71.01.1001", "16.71.01")
CITY = Askable("bpbd", "BPBD", True)
LOCAL = Askable("kantor:16.71.01.1001", "Kelurahan 35 Ilir", True, frozenset({"16.71.01.1001"}))
POST = Askable("damkar-1", "Damkar Ilir Barat", True, frozenset({"16.71.01"}))
AWAY = Askable("damkar-2", "Damkar Plaju", True, frozenset({"16.71.07"}))
OTHER = Askable("dishub", "Dishub", False)


def test_those_who_handle_the_type_there_come_first_and_nobody_is_left_out() -> None:
    proposed, others = proposed_and_others([OTHER, AWAY, CITY, POST, LOCAL], SPOT)
    assert proposed == [LOCAL, POST, CITY]
    assert others == [(OTHER, Reach.CITY), (AWAY, Reach.ELSEWHERE)]


def test_without_a_known_spot_only_those_of_the_whole_city_are_proposed() -> None:
    proposed, _others = proposed_and_others([LOCAL, POST, CITY], Spot())
    assert proposed == [CITY]
