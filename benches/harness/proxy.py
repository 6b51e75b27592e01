"""A proxy before PostgreSQL that can take the connection away on which a server listens."""

import asyncio
import threading
from contextlib import suppress


class Proxy:
    """Passes bytes on, in a thread of its own; a connection that sends LISTEN can be cut."""

    def __init__(self, port: int) -> None:
        self.refuses_listening = False
        self._to = port
        self._listening: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _open(self) -> asyncio.Server:
        return await asyncio.start_server(self._pass_on, "127.0.0.1", 0)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
            there = asyncio.create_task(self._copy(reader, there_writer, writer))
            back = asyncio.create_task(self._copy(there_reader, writer, None))
            await asyncio.gather(there, back)
        self._listening.discard(writer)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: asyncio.StreamWriter | None
    ) -> None:
        with suppress(OSError):
            while part := await reader.read(65536):
                if client and b"listen " in part.lower():
                    self._listening.add(client)
                    if self.refuses_listening:
                        client.transport.abort()
                        break
                writer.write(part)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        """Ends every connection that listens; the server may open another."""

        def end() -> None:
            for writer in self._listening:
                writer.transport.abort()
            self._listening.clear()

        self._loop.call_soon_threadsafe(end)

    def stop(self) -> None:
        """Ends the proxy and what goes through it."""

        def end() -> None:
            self._server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.call_soon(self._loop.stop)

        self._loop.call_soon_threadsafe(end)
        self._thread.join(10)
