"""Who may run, who waits, who is sent away: the places of the endpoint, without processes."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from solld.endpoint.places import Limits, Place, Places
from solld.errors import Overloaded, SolldError, Stopped, TooMany

LIMITS = Limits(quick=2, long=2, per_client=2, queue=3, waiting=2)


def played(play: Callable[[Places], Coroutine[Any, Any, None]], limits: Limits = LIMITS) -> None:
    asyncio.run(play(Places(limits)))


def ignored(why: SolldError) -> None:
    """Does not end anything."""


async def waiting(places: Places, client: str) -> "asyncio.Task[Place]":
    """Somebody who waits for a place."""
    task = asyncio.ensure_future(places.take(client, ignored))
    await asyncio.sleep(0)
    assert not task.done()
    return task


def test_a_third_query_waits_until_one_ends() -> None:
    async def play(places: Places) -> None:
        first = await places.take("a", ignored)
        await places.take("b", ignored)
        third = await waiting(places, "c")
        places.release(first)
        assert (await third).client == "c"
        assert places.running == 2

    played(play)


def test_an_address_that_has_its_share_waits_though_a_place_is_free() -> None:
    async def play(places: Places) -> None:
        first, second = await places.take("a", ignored), await places.take("a", ignored)
        places.lengthen(first)
        third = await waiting(places, "a")
        await places.take("b", ignored)
        places.release(second)
        assert (await third).client == "a"

    played(play)


def test_who_has_fewest_running_is_served_first() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", ignored), await places.take("b", ignored)]
        again, new = await waiting(places, "b"), await waiting(places, "c")
        places.release(held[0])
        await asyncio.sleep(0)
        assert new.done()
        assert not again.done()
        again.cancel()

    played(play)


def test_addresses_take_turns() -> None:
    async def play(places: Places) -> None:
        held = await places.take("z", ignored)
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
            await places.take("a", ignored)
        tasks = [await waiting(places, "a") for _ in range(2)]
        with pytest.raises(TooMany, match=r"the limit is 2 queries \(sparql.waiting\)"):
            await places.take("a", ignored)
        for task in tasks:
            task.cancel()

    played(play)


def test_the_queue_of_all_is_bounded() -> None:
    async def play(places: Places) -> None:
        for client in "ab":
            await places.take(client, ignored)
        tasks = [await waiting(places, client) for client in "cde"]
        with pytest.raises(Overloaded, match=r"sparql.queue"):
            await places.take("f", ignored)
        for task in tasks:
            task.cancel()

    played(play)


def test_who_goes_away_while_waiting_leaves_no_trace() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", ignored), await places.take("b", ignored)]
        gone, stays = await waiting(places, "c"), await waiting(places, "d")
        gone.cancel()
        await asyncio.sleep(0)
        places.release(held[0])
        assert (await stays).client == "d"
        assert places.waiting == 0

    played(play)


def test_who_goes_away_as_his_turn_comes_passes_it_on() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", ignored), await places.take("b", ignored)]
        gone, stays = await waiting(places, "c"), await waiting(places, "d")
        places.release(held[0])
        gone.cancel()
        assert (await stays).client == "d"
        assert places.running == 2

    played(play)


def test_many_who_go_away_at_once_hold_no_place() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", ignored), await places.take("b", ignored)]
        gone = [await waiting(places, client) for client in "cde"]
        for task in gone:
            task.cancel()
        for place in held:  # before the loop has told the tasks
            places.release(place)
        await asyncio.sleep(0)
        assert (places.running, places.waiting) == (0, 0)
        assert (await places.take("f", ignored)).client == "f"

    played(play)


def test_a_long_query_leaves_its_quick_place_to_another() -> None:
    async def play(places: Places) -> None:
        first = await places.take("a", ignored)
        await places.take("b", ignored)
        third = await waiting(places, "c")
        places.lengthen(first)
        assert (await third).client == "c"
        places.release(first)
        assert places.running == 2

    played(play)


def test_an_address_with_more_long_queries_makes_room_for_one_with_fewer() -> None:
    async def play(places: Places) -> None:
        ended: list[SolldError] = []
        for _ in range(2):
            places.lengthen(await places.take("a", ended.append))
        places.lengthen(await places.take("b", ignored))
        assert [type(why) for why in ended] == [Stopped]
        assert "sparql.long" in str(ended[0])

    played(play)


def test_where_nobody_has_more_the_newcomer_is_ended() -> None:
    async def play(places: Places) -> None:
        for client in "ab":
            places.lengthen(await places.take(client, ignored))
        with pytest.raises(Overloaded, match=r"sparql.long"):
            places.lengthen(await places.take("c", ignored))

    played(play)


def test_one_that_made_room_gives_its_place_back_once() -> None:
    async def play(places: Places) -> None:
        held = [await places.take("a", ignored) for _ in range(2)]
        for place in held:
            places.lengthen(place)
        places.lengthen(await places.take("b", ignored))
        for place in held:
            places.release(place)
        assert places.running == 1

    played(play)
