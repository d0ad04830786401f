"""The processes that run queries, taken and given back."""

import asyncio

import pytest

from conftest import Published
from solld.endpoint.frames import packed
from solld.endpoint.operation import Operation
from solld.endpoint.processes import Pool
from solld.errors import StoreFailed

pytestmark = pytest.mark.alone

ASK = Operation(query="ASK {}", solutions="json", boolean="json", graph="ttl").written()
SECONDS = 20


async def answered(pool: Pool) -> bytes:
    """The body that a process of the pool gives."""
    process, connection = await pool.take()
    connection.write(packed(b"Q", ASK))
    body = b""
    while (frame := await connection.next())[0] != b"Z":
        body += frame[1] if frame[0] == b"D" else b""
    pool.give_back(process, True)
    return body


@pytest.fixture
def facts(lights: Published) -> dict[str, object]:
    settings = lights.settings
    return {
        "memory": settings.query_memory,
        "depth": settings.query_depth,
        "patterns": settings.query_patterns,
        "base": settings.base,
        "prefixes": {},
    }


def test_a_process_that_was_paused_when_it_had_answered_answers_again(
    lights: Published, facts: dict[str, object]
) -> None:
    async def story() -> None:
        pool = Pool(lights.service.release.folder / "store", 1, 1, facts)
        try:
            assert b"true" in await answered(pool)
            process, _ = await pool.take()
            process.pause()  # it was taken for a long one in the moment in which it was done
            pool.give_back(process, True)
            again, _ = await pool.take()
            assert again is process
            pool.give_back(again, True)
            assert b"true" in await answered(pool)
        finally:
            pool.close()

    asyncio.run(asyncio.wait_for(story(), SECONDS))


def test_how_a_process_ended_is_known_before_it_is_waited_for(lights: Published, facts: dict[str, object]) -> None:
    async def story() -> None:
        pool = Pool(lights.service.release.folder / "store", 1, 1, facts)
        try:
            process, _ = await pool.take()
            assert process.alive
            process.kill()
            assert await process.ended_by() == 9
            assert not process.alive
            process.kill()  # once more is no error
            with pytest.raises(StoreFailed):
                await process.ready()
        finally:
            pool.close()

    asyncio.run(asyncio.wait_for(story(), SECONDS))
