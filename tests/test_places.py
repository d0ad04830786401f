"""Who may run, who waits, who is sent away: the places of the endpoint, without processes."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from solld.endpoint.places import Limits, Place, Places
from solld.errors import Overloaded, SolldError, TooMany

LIMITS = Limits(quick=2, long=2, per_client=2, queue=3, waiting=2)


class Query:
    """A query that does what its place wants, and notes it."""

    def __init__(self, places: Places | None = None) -> None:
        self.places = places
        self.place: Place | None = None
        self.told: list[str] = []
        self.why: SolldError | None = None

    def end(self, why: SolldError) -> None:
        self.told.append("end")
        self.why = why

    def computed(self) -> float:
        return 1.0

    def become_long(self) -> None:
        self.told.append("long")
        assert self.places
        assert self.place
        self.places.lengthen(self.place)

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")


async def seated(places: Places, client: str) -> Query:
    """A query that has a quick place at once."""
    query = Query(places)
    query.place = await asyncio.wait_for(places.take(client, query), 1)
    return query


def played(play: Callable[[Places], Coroutine[Any, Any, None]], limits: Limits = LIMITS) -> None:
    asyncio.run(play(Places(limits)))


async def waiting(places: Places, client: str) -> "asyncio.Task[Place]":
    """Somebody who waits for a place."""
    task = asyncio.ensure_future(places.take(client, Query()))
    await asyncio.sleep(0)
    assert not task.done()
    return task


def test_a_third_query_waits_until_one_ends() -> None:
    async def play(places: Places) -> None:
        first = await places.take("a", Query())
        await places.take("b", Query())
        third = await waiting(places, "c")
        places.release(first)
        assert (await third).client == "c"
        assert places.running == 2

    played(play)


def test_an_address_that_has_its_share_waits_though_a_place_is_free() -> None:
    async def play(places: Places) -> None:
        first = await seated(places, "a")
        second = await seated(places, "a")
        first.become_long()
        third = await waiting(places, "a")
        assert second.place
        places.release(second.place)
        assert (await third).client == "a"

    played(play)


def test_an_address_with_fewer_queries_need_not_wait_for_one_with_more() -> None:
    async def play(places: Places) -> None:
        first, second = await seated(places, "a"), await seated(places, "a")
        await seated(places, "b")
        assert (first.told, second.told) == (["long"], [])

    played(play)


def test_who_has_fewest_running_is_served_first() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", Query()), await places.take("b", Query())]
        again, new = await waiting(places, "b"), await waiting(places, "c")
        places.release(held[0])
        await asyncio.sleep(0)
        assert new.done()
        assert not again.done()
        again.cancel()

    played(play)


def test_addresses_take_turns() -> None:
    async def play(places: Places) -> None:
        held = await places.take("z", Query())
        order = []
        tasks = [await waiting(places, client) for client in ("a", "a", "b")]
        for task in tasks:
            task.add_done_callback(lambda done: order.append(done.result().client))
        for _ in tasks:
            places.release(held)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            held = next(task.result() for task in tasks if task.done() and task.result().client == order[-1])
        assert order == ["a", "b", "a"]

    played(play, Limits(quick=1, long=1, per_client=2, queue=3, waiting=2))


def test_the_queue_of_an_address_is_bounded() -> None:
    async def play(places: Places) -> None:
        for _ in range(2):
            await places.take("a", Query())
        tasks = [await waiting(places, "a") for _ in range(2)]
        with pytest.raises(TooMany, match=r"the limit is 2 queries \(sparql.waiting\)"):
            await places.take("a", Query())
        for task in tasks:
            task.cancel()

    played(play)


def test_the_queue_of_all_is_bounded() -> None:
    async def play(places: Places) -> None:
        for client in "ab":
            await places.take(client, Query())
        tasks = [await waiting(places, client) for client in "cde"]
        with pytest.raises(Overloaded, match=r"sparql.queue"):
            await places.take("f", Query())
        for task in tasks:
            task.cancel()

    played(play)


def test_who_goes_away_while_waiting_leaves_no_trace() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", Query()), await places.take("b", Query())]
        gone, stays = await waiting(places, "c"), await waiting(places, "d")
        gone.cancel()
        await asyncio.sleep(0)
        places.release(held[0])
        assert (await stays).client == "d"
        assert places.waiting == 0

    played(play)


def test_who_goes_away_as_his_turn_comes_passes_it_on() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", Query()), await places.take("b", Query())]
        gone, stays = await waiting(places, "c"), await waiting(places, "d")
        places.release(held[0])
        gone.cancel()
        assert (await stays).client == "d"
        assert places.running == 2

    played(play)


def test_many_who_go_away_at_once_hold_no_place() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", Query()), await places.take("b", Query())]
        gone = [await waiting(places, client) for client in "cde"]
        for task in gone:
            task.cancel()
        for place in held:  # before the loop has told the tasks
            places.release(place)
        await asyncio.sleep(0)
        assert (places.running, places.waiting) == (0, 0)
        assert (await places.take("f", Query())).client == "f"

    played(play)


def test_a_long_query_leaves_its_quick_place_to_another() -> None:
    async def play(places: Places) -> None:
        first = await places.take("a", Query())
        await places.take("b", Query())
        third = await waiting(places, "c")
        places.lengthen(first)
        assert (await third).client == "c"
        places.release(first)
        assert places.running == 2

    played(play)


def test_an_address_with_more_long_queries_makes_room_for_one_with_fewer() -> None:
    async def play(places: Places) -> None:
        held = []
        for client in "aab":
            held.append(await seated(places, client))
            held[-1].become_long()
        assert [query.told for query in held] == [["long", "end"], ["long"], ["long"]]
        assert "sparql.long" in str(held[0].why)

    played(play, Limits(quick=2, long=2, per_client=3, queue=3, waiting=2))


def test_an_address_keeps_a_quick_place_for_itself() -> None:
    async def play(places: Places) -> None:
        held = []
        for _ in range(4):
            held.append(await seated(places, "a"))
            held[-1].become_long()
        assert [query.told for query in held] == [["long"]] * 3 + [["long", "pause"]]
        await seated(places, "a")
        assert held[0].place
        places.release(held[0].place)
        assert held[3].told == ["long", "pause", "resume"]

    played(play, Limits(quick=2, long=6, per_client=4, queue=3, waiting=2))


def test_one_that_is_paused_may_end() -> None:
    async def play(places: Places) -> None:
        first, second = await seated(places, "a"), await seated(places, "a")
        first.become_long()
        second.become_long()
        for query in (second, first):
            assert query.place
            places.release(query.place)
        assert places.running == 0

    played(play)


def test_who_waits_gets_the_place_of_one_that_runs_on() -> None:
    async def play(places: Places) -> None:
        first, second = await seated(places, "a"), await seated(places, "b")
        waits = await waiting(places, "c")
        assert (await asyncio.wait_for(waits, 1)).client == "c"
        assert (first.told, second.told) == (["long"], [])

    played(play)


def test_one_whose_address_has_its_long_queries_makes_room_too() -> None:
    async def play(places: Places) -> None:
        for _ in range(3):
            (await seated(places, "a")).become_long()
        last = await seated(places, "a")
        await asyncio.wait_for(places.take("b", Query()), 1)
        assert last.told == ["long", "pause"]

    played(play, Limits(quick=1, long=6, per_client=4, queue=3, waiting=2))


def test_an_address_with_two_paused_waits() -> None:
    async def play(places: Places) -> None:
        for _ in range(5):
            (await seated(places, "a")).become_long()
        await waiting(places, "a")

    played(play, Limits(quick=2, long=6, per_client=4, queue=3, waiting=2))


def test_who_has_run_for_a_while_makes_room_for_who_comes() -> None:
    async def play(places: Places) -> None:
        first, second = await seated(places, "a"), await seated(places, "b")
        await asyncio.sleep(0.04)  # what it takes to be taken for a long one
        await seated(places, "c")
        assert (first.told, second.told) == (["long"], [])

    played(play)


def test_where_nobody_has_more_the_newcomer_is_paused() -> None:
    async def play(places: Places) -> None:
        held = []
        for client in "abc":
            held.append(await seated(places, client))
            held[-1].become_long()
        assert held[2].told == ["long", "pause"]
        assert held[0].place
        places.release(held[0].place)
        assert held[2].told == ["long", "pause", "resume"]

    played(play)


def test_where_too_many_are_paused_a_query_stays_where_it_is() -> None:
    async def play(places: Places) -> None:
        held = []
        for client in "abcde":
            held.append(await seated(places, client))
            held[-1].become_long()
        assert [query.told for query in held[2:]] == [["long", "pause"], ["long", "pause"], ["long"]]
        assert places.running == 3

    played(play)


def test_one_that_made_room_gives_its_place_back_once() -> None:
    async def play(places: Places) -> None:
        held = []
        for client in "aab":
            held.append(await seated(places, client))
            held[-1].become_long()
        for query in held[:2]:
            assert query.place
            places.release(query.place)
        assert places.running == 1

    played(play, Limits(quick=2, long=2, per_client=3, queue=3, waiting=2))
