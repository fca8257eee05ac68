"""Lines and places: who goes first, who has to wait, who is sent away."""

from __future__ import annotations

import asyncio

import pytest

from isogloss.errors import EngineBusy
from isogloss.graph.engine.queue import FairLine, Places
from isogloss.graph.engine.standing import REMEMBERED, Standing


def drained(line: FairLine[int]) -> list[int | None]:
    return [line.pop() for _ in range(len(line))]


def test_clients_take_turns() -> None:
    line: FairLine[int] = FairLine(10)
    for client, item in (("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5)):
        line.push(client, item)
    assert drained(line) == [1, 4, 5, 2, 3]
    assert line.pop() is None


def test_a_full_line_turns_away_and_one_client_fills_no_more_than_half() -> None:
    line: FairLine[int] = FairLine(4)
    line.push("a", 1)
    line.push("a", 2)
    with pytest.raises(EngineBusy):
        line.push("a", 3)
    line.push("b", 4)
    line.push("c", 5)
    with pytest.raises(EngineBusy):
        line.push("d", 6)


def test_what_had_its_turn_already_is_next() -> None:
    line: FairLine[int] = FairLine(10)
    for client, item in (("a", 1), ("b", 2), ("b", 3)):
        line.push(client, item)
    line.put_back("b", 0)
    assert drained(line) == [0, 1, 2, 3]


def test_a_turn_can_be_given_to_a_client_out_of_order() -> None:
    line: FairLine[int] = FairLine(10)
    for client, item in (("a", 1), ("b", 2), ("c", 3)):
        line.push(client, item)
    assert line.heads() == [("a", 1), ("b", 2), ("c", 3)]
    assert line.pop_of("b") == 2
    assert drained(line) == [1, 3]


def test_who_came_last_is_known_from_who_has_had_a_turn_already() -> None:
    line: FairLine[int] = FairLine(10)
    for client, item in (("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5)):
        line.push(client, item)
    assert [line.pop(), line.pop(newest=True)] == [1, 5]  # a's next turn comes after b, but a is not new
    assert [line.pop(newest=True), line.pop(newest=True)] == [4, 2]
    assert [line.pop(newest=True), line.pop(newest=True)] == [3, None]


def test_a_client_moves_to_another_line_with_all_that_it_has() -> None:
    strangers, known = FairLine[int](10), FairLine[int](10)
    for client, item in (("a", 1), ("b", 2), ("a", 3)):
        strangers.push(client, item)
    known.push("a", 0)
    strangers.hand_over("a", known)
    strangers.hand_over("nobody", known)
    assert (drained(strangers), drained(known)) == ([2], [0, 1, 3])


def test_what_waits_no_longer_is_forgotten() -> None:
    line: FairLine[int] = FairLine(10)
    for item in range(5):
        line.push(f"client {item % 2}", item)
    assert line.remove("client 1", 3)
    assert not line.remove("client 1", 3)
    assert not line.remove("stranger", 0)
    assert sorted(line.take_out(lambda item: item > 1)) == [2, 4]
    assert drained(line) == [0, 1]


def leave_them() -> None:
    """Nobody has to leave a place."""


def test_one_client_has_all_places_while_nobody_else_wants_one() -> None:
    places = Places(4, 10)
    assert [places.try_acquire("a") for _ in range(5)] == [True] * 4 + [False]


def test_what_must_not_be_stopped_holds_no_more_than_half_of_the_places() -> None:
    places = Places(4, 10)
    assert [places.try_acquire("a", within_share=True) for _ in range(3)] == [True, True, False]
    assert places.try_acquire("a")


def test_who_holds_most_leaves_a_place_until_all_hold_about_the_same() -> None:
    places = Places(4, 10)
    assert places.greediest("b") is None  # there are free ones
    for _ in range(4):
        places.try_acquire("a")
    came: list[str | None] = []
    for client in ("b", "b", "b", "c", "c"):
        came.append(greedy := places.greediest(client))
        if greedy is not None:
            places.release(greedy)
            places.try_acquire(client)
    assert came == ["a", "a", None, "a", None]  # at last a holds one, b two, c one


def test_a_single_place_can_be_had() -> None:
    places = Places(1, 10)
    assert places.try_acquire("a", within_share=True)
    assert not places.try_acquire("b")
    assert places.greediest("b") is None


def test_a_place_that_comes_free_goes_to_who_holds_fewest() -> None:
    async def scene() -> list[str]:
        places = Places(2, 10)
        came: list[str] = []

        async def come(client: str) -> None:
            await places.acquire(client, leave_them)
            came.append(client)

        await come("a")
        await come("b")
        waiting = [asyncio.create_task(come(client)) for client in ("a", "a", "c")]
        await asyncio.sleep(0)
        places.release("b")
        await asyncio.sleep(0)
        assert came == ["a", "b", "c"]  # though a's requests came before c's
        places.release("a")
        places.release("c")
        await asyncio.gather(*waiting)
        return came

    assert asyncio.run(scene()) == ["a", "b", "c", "a", "a"]


def test_who_waits_may_have_a_place_made_free_at_once() -> None:
    async def scene() -> str | None:
        places = Places(2, 10)
        await places.acquire("a", leave_them)
        await places.acquire("a", leave_them)
        async with asyncio.timeout(5):
            await places.acquire("b", lambda: places.release("a"))
        return places.greediest("c")

    assert asyncio.run(scene()) is None


def test_a_place_given_to_somebody_who_has_left_is_not_lost() -> None:
    async def scene() -> bool:
        places = Places(1, 10)
        await places.acquire("a", leave_them)
        waiting = [asyncio.create_task(places.acquire(client, leave_them)) for client in "bc"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        places.release("a")
        waiting[1].cancel()  # in the very moment at which it was given the place
        await asyncio.gather(*waiting, return_exceptions=True)
        return places.try_acquire("d")

    assert asyncio.run(scene())


def test_a_client_is_known_by_its_latest_query() -> None:
    standing = Standing()
    assert not standing.knows("a")
    assert standing.was_quick("a")
    assert not standing.was_quick("a")  # it was known already
    assert standing.knows("a")
    standing.took_long("a")
    standing.took_long("stranger")
    assert not standing.knows("a")


def test_the_service_itself_is_always_known() -> None:
    standing = Standing()
    standing.took_long("")
    assert standing.knows("")


def test_only_so_many_clients_are_remembered() -> None:
    standing = Standing()
    standing.was_quick("first")
    for number in range(REMEMBERED):
        standing.was_quick(f"client {number}")
    assert not standing.knows("first")
    assert standing.knows("client 0")
