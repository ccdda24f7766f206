"""A fast stand-in ComfyDeploy for the engine's proofs: a process of its own that keeps count.

`python -m tests.engine.upstream` prints its port. Every run lives by a plan: its
states follow from the seconds since the server started and from the number in its
ID. Besides GET run it answers `/log` (every request: moment, run, status, state)
and `/set?name=value` (see `Weather`). The product's own simulator is not used here:
at a thousand questions a second it would be what is measured.
"""

import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

PAST = 1_000_000  # from this number on, a run ended days ago
PREFIX = 0x7E57_0000_0000_4000_8000 << 48
BEGAN = time.time()


@dataclass
class Weather:
    """What goes wrong: shares of requests, seconds of delay, and a storm of 429."""

    delay: float = 0.0
    failing: float = 0.0  # share of answers that are 500 or 503
    cut: float = 0.0  # share of connections that break off
    slow: float = 0.0  # share of answers that come 3 s late
    storm: float = 0.0  # every question gets 429 for this many seconds from now on
    dead: float = 0.0  # every question gets 503 for this many seconds from now on
    steps: float = 0.0  # seconds between changes of a run's progress; 0 = never
    hold: float = 22.0  # seconds for which each state is kept up


weather = Weather()
chance = random.Random(7)  # the same sequence in each run of a proof
ends: dict[str, float] = {}
log: list[tuple[float, int, int, str]] = []
lists: list[tuple[float, str]] = []  # lists of runs that were asked for: seconds, whose
awaited = [0]  # how many answers are held back at this moment


def run_id(number: int) -> UUID:
    return UUID(int=PREFIX | number)


STATES = ("not-started", "queued", "started", "running")
RETRIED = ("queued", "started", "queued", "started", "running")  # by a container that was lost


def state_at(number: int, second: float, hold: float) -> str:
    """Runs are shifted against each other, so that not all change at once."""
    if number >= PAST:
        return "success"
    plan = RETRIED if number % 7 == 3 else STATES
    offset = (number * 0.37) % hold
    return plan[min(len(plan) - 1, max(0, int((second + offset) // hold)))]


def body_of(number: int, second: float) -> tuple[str, bytes]:
    status = state_at(number, second, weather.hold)
    created = datetime.fromtimestamp(BEGAN, UTC) - timedelta(seconds=number % 60)
    if number >= PAST:
        created -= timedelta(days=1, minutes=number - PAST)
    ended = created + timedelta(seconds=9) if number >= PAST else None
    step = int((second + number * 0.61) // weather.steps) if weather.steps else 0
    answer = {
        "id": str(run_id(number)),
        "workflow_version_id": "148268de-9925-541e-a65c-925082e806c4",
        "workflow_inputs": {"seed": number, "prompt": "a lighthouse at dusk, oil on canvas"},
        "workflow_id": "bdd5303c-a94b-5e91-a790-e945f311a0e9",
        "machine_id": "5b0ac6d4-c491-5fbd-b6e1-9791a3596a6a",
        "origin": "api",
        "status": status,
        "ended_at": ended and ended.isoformat().replace("+00:00", "Z"),
        "created_at": created.isoformat().replace("+00:00", "Z"),
        "updated_at": created.isoformat().replace("+00:00", "Z"),
        "queued_at": None,
        "started_at": None,
        "gpu_event_id": None,
        "gpu": "A10G",
        "machine_version": None,
        "machine_type": "comfy-deploy-serverless",
        "modal_function_call_id": "fc-ac3ad695a96d4915a39a7f",
        "user_id": "user_alice",
        "org_id": None,
        "live_status": f"Executing Node{step}" if weather.steps else None,
        "progress": step % 100 / 100,
        "is_realtime": False,
        "webhook": None,
        "webhook_status": None,
        "webhook_intermediate_status": False,
        "outputs": [],
        "number": 0,
        "duration": None,
        "cold_start_duration": None,
        "cold_start_duration_total": None,
        "run_duration": None,
        "queue_position": 0 if status in STATES[:2] else None,
    }
    return status, json.dumps(answer).encode()


def reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "content-type: application/json", *headers]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


def until(name: str, now: float) -> float:
    """Seconds for which a storm or an outage still lasts."""
    return max(0.0, ends.get(name, 0.0) - now)


class Cut(Exception):
    """The connection breaks off without an answer."""


async def hold_back() -> None:
    awaited[0] += 1
    try:
        await asyncio.sleep(weather.delay)
    finally:
        awaited[0] -= 1


async def answer_run(number: int) -> bytes:
    now = time.time()
    dice = chance.random()
    await hold_back()
    left = until("storm", now)
    if left:
        log.append((now, number, 429, ""))
        return reply("429 Too Many Requests", b"{}", f"retry-after: {math.ceil(left)}")
    if until("dead", now) or dice < weather.failing:
        log.append((now, number, 503, ""))
        return reply("503 Service Unavailable", b"Internal Server Error")
    if dice < weather.failing + weather.cut:
        log.append((now, number, 0, ""))
        raise Cut
    if dice < weather.failing + weather.cut + weather.slow:
        await asyncio.sleep(3)
    status, body = body_of(number, now - BEGAN)
    log.append((now, number, 200, status))
    return reply("200 OK", body)


async def answer(target: str) -> bytes:
    parts = urlsplit(target)
    if parts.path.startswith("/api/run/"):
        wanted = UUID(parts.path.rsplit("/", 1)[1]).int
        if wanted & ~0xFFFF_FFFF_FFFF != PREFIX:
            return reply("404 Not Found", b'{"detail":"Run not found"}')
        return await answer_run(wanted & 0xFFFF_FFFF_FFFF)
    if parts.path.endswith("/runs"):  # a followed workflow's list
        lists.append((time.time() - BEGAN, parts.path.split("/")[-2]))
        await hold_back()
        return reply("200 OK", b"[]")
    if parts.path == "/set":
        for name, value in parse_qsl(parts.query):
            setattr(weather, name, float(value))
            if name in {"storm", "dead"}:
                ends[name] = time.time() + float(value)
        return reply("200 OK", b"{}")
    if parts.path == "/lists":
        return reply("200 OK", json.dumps(lists).encode())
    if parts.path == "/log":
        return reply(
            "200 OK", json.dumps({"began": BEGAN, "log": log, "awaited": awaited[0]}).encode()
        )
    return reply("404 Not Found", b"{}")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            writer.write(await answer(target))
            await writer.drain()
    except (Cut, asyncio.IncompleteReadError, OSError):
        return  # cut on purpose, or the other side has hung up
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def numbers(count: int) -> Iterator[UUID]:
    return (run_id(number) for number in range(count))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
