"""A mail server that fails at a chosen point of the conversation."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GOOD = {"greeting": b"220 ready", "EHLO": b"250 here", "MAIL": b"250 ok", "RCPT": b"250 ok",
        "DATA": b"354 go on", "dot": b"250 accepted", "RSET": b"250 ok",
        "QUIT": b"221 bye"}  # fmt: skip
CLOSE, RESET, SILENT = b"close", b"reset", b"silent"
"""Instead of a reply: close the connection, reset it, or never reply."""


class UnreliableSmtp:
    """Replies as `replies` says for a step: a reply, or CLOSE, RESET or SILENT.

    `accepted`: the Message-ID of each message that it took, whatever it replied. A message is taken
    when its final dot has come, unless the reply refuses it.
    """

    def __init__(self, replies: dict[str, bytes]) -> None:
        self.replies = {**GOOD, **replies}
        self.accepted: list[str] = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.ended = threading.Event()

    def serve(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=[connection], daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            try:
                going_on = self._reply(connection, "greeting")
                while going_on and (line := lines.readline()):
                    command = line[:4].decode().upper().strip()
                    going_on = self._reply(connection, command)
                    if going_on and command == "DATA" and self._code("DATA") == b"354":
                        going_on = self._take(connection, lines)
            except OSError:
                return

    def _take(self, connection: socket.socket, lines: Iterator[bytes]) -> bool:
        if self.replies.get("body") == CLOSE:
            return False
        message_id = ""
        for line in lines:
            if line == b".\r\n":
                break
            if line.startswith(b"Message-ID: "):
                message_id = line.decode().strip()
        if self._code("dot")[:1] not in (b"4", b"5"):
            self.accepted.append(message_id)
        return self._reply(connection, "dot")

    def _code(self, step: str) -> bytes:
        return self.replies[step][:3]

    def _reply(self, connection: socket.socket, step: str) -> bool:
        """Returns whether the conversation goes on."""
        reply = self.replies.get(step, b"502 no such command")
        if reply == SILENT:
            self.ended.wait()
        if reply == RESET:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if reply in (CLOSE, RESET, SILENT):
            return False
        connection.sendall(reply + b"\r\n")
        return not reply.startswith(b"421") and step != "QUIT"


@contextmanager
def unreliable_smtp(**replies: bytes) -> Iterator[UnreliableSmtp]:
    """Serve while this is open."""
    server = UnreliableSmtp(replies)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()
