"""Small proxies before an archive: one breaks, or holds its breath, after so many bytes; one speaks TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

_AT_ONCE = 4096
# closing sends a reset instead of a farewell, as a cable does that is pulled
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Passes on what is said until `after_bytes` came from the archive.

    With `breaks`, all connections are broken then, and the count begins anew for the next ones where it
    `mends`; else nobody is let in any more. Without, everything stops where it is. `reached` is set then.
    It listens `at` a port, or where one is free.
    """

    def __init__(
        self, port: int, after_bytes: int, *, breaks: bool, mends: bool = False, at: int = 0
    ) -> None:
        self._target, self._after = port, after_bytes
        self._breaks, self._mends = breaks, mends
        self._left = after_bytes
        self._alone = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.reached, self._released = threading.Event(), threading.Event()
        self.broken = 0
        self._door = socket.create_server(("127.0.0.1", at))
        self.port: int = self._door.getsockname()[1]

    @property
    def passed(self) -> int:
        """How many bytes came from the archive since it was last broken."""
        return self._after - self._left

    def __enter__(self) -> Proxy:
        self._begin(self._let_in)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._shut_door()
        self._break_all()
        for thread in self._threads:
            thread.join()

    def _begin(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _let_in(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
                archive = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._alone:
                self._open |= {client, archive}
            self._begin(self._pass_on, client, archive, False)
            self._begin(self._pass_on, archive, client, True)

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while data := source.recv(_AT_ONCE):
                if counted and not self._may_pass(len(data)):
                    return
                target.sendall(data)
        except OSError:
            pass
        finally:
            for each in (source, target):
                self._close(each)

    def _may_pass(self, count: int) -> bool:
        with self._alone:
            self._left -= count
            over = self._left <= 0
            if over and self._mends:
                self._left = self._after
        if not over:
            return True
        self.reached.set()
        if self._breaks:
            self.broken += 1
            if not self._mends:
                self._shut_door()
            self._break_all()
        else:
            self._released.wait()
        return False

    def _shut_door(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _break_all(self) -> None:
        with self._alone:
            open_now, self._open = self._open, set()
        for each in open_now:
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _close(self, each: socket.socket) -> None:
        with self._alone:
            self._open.discard(each)
        # closing alone would not wake who waits for it to say something
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def secured_front(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Speak TLS on a port that is free, and pass on what is said to one that does not."""

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(_AT_ONCE):
                target.write(data)
                await target.drain()
        target.close()

    async def let_in(said: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        answered, archive = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(said, archive), pass_on(answered, client))

    loop = asyncio.new_event_loop()
    # whoever shows no certificate is turned away, which is no fault
    loop.set_exception_handler(lambda *_: None)
    server = loop.run_until_complete(asyncio.start_server(let_in, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
