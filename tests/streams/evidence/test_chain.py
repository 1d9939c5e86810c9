"""The chain of hashes: no row can be changed, removed or inserted without being noticed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from streams.evidence.chain import ChainBreak, ChainFault, Link, chain_faults, hash_of

BODIES = st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3), min_size=2)


def chain_of(bodies: list[dict]) -> list[Link]:
    links: list[Link] = []
    for number, body in enumerate(bodies, 1):
        previous = links[-1].hash if links else ""
        links.append(Link(number, body, previous, hash_of(number, body, previous)))
    return links


@given(BODIES)
def test_a_chain_as_written_holds(bodies: list[dict]) -> None:
    assert list(chain_faults(chain_of(bodies))) == []


@given(BODIES, st.data())
def test_a_changed_row_is_named(bodies: list[dict], data: st.DataObject) -> None:
    links = chain_of(bodies)
    place = data.draw(st.integers(0, len(links) - 1))
    links[place] = replace(links[place], body={"another": "row"})
    assert next(chain_faults(links)) == ChainFault(place + 1, ChainBreak.CHANGED)


@given(BODIES, st.data())
def test_a_removed_row_is_named_by_the_one_after_it(bodies: list[dict], data: st.DataObject) -> None:
    links = chain_of(bodies)
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    assert next(chain_faults(links)) == ChainFault(place + 2, ChainBreak.REMOVED)


@given(BODIES, st.data())
def test_a_row_put_in_between_is_named(bodies: list[dict], data: st.DataObject) -> None:
    links = chain_of(bodies)
    place = data.draw(st.integers(1, len(links) - 1))
    before = links[place - 1]
    forged = Link(place + 1, {"forged": True}, before.hash, hash_of(place + 1, {"forged": True}, before.hash))
    links.insert(place, forged)
    assert ChainFault(place + 1, ChainBreak.INSERTED) in list(chain_faults(links))


@given(BODIES, st.data())
def test_a_removed_row_is_named_though_the_later_ones_were_numbered_anew(
    bodies: list[dict], data: st.DataObject
) -> None:
    links = chain_of(bodies)
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    links[place:] = [replace(link, number=link.number - 1) for link in links[place:]]
    assert list(chain_faults(links)) == [ChainFault(place + 1, ChainBreak.REMOVED)]


@given(BODIES, st.data())
def test_a_row_put_in_is_named_though_the_later_ones_were_numbered_anew(
    bodies: list[dict], data: st.DataObject
) -> None:
    links = chain_of(bodies)
    place = data.draw(st.integers(1, len(links) - 1))
    before = links[place - 1]
    links[place:] = [replace(link, number=link.number + 1) for link in links[place:]]
    links.insert(
        place, Link(place + 1, {"forged": True}, before.hash, hash_of(place + 1, {"forged": True}, before.hash))
    )
    assert list(chain_faults(links)) == [ChainFault(place + 1, ChainBreak.INSERTED)]
