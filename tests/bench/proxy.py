"""A TCP proxy that makes the way long: every byte takes half a round trip more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def slow_way(host: str, port: int, round_trip: float) -> AsyncIterator[int]:
    """The port of a proxy to ``host:port``; ``round_trip`` is in seconds.

    Connecting takes no round trip here: what is measured through it begins after TCP connect.
    """
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, port)
        try:
            await asyncio.gather(
                _carry(reader, far_writer, round_trip), _carry(far_reader, writer, round_trip)
            )
        finally:
            for end in (writer, far_writer):
                end.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, round_trip: float
) -> None:
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            loop.call_later(round_trip / 2, _put, writer, data)
        await asyncio.sleep(round_trip / 2)
        writer.write_eof()


def _put(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)
