"""What the programs of one run say, line by line, each line with the program's name in front."""

import contextlib
import os
import selectors
from dataclasses import dataclass
from pathlib import Path
from typing import IO

WIDTH = 8  # of the name before each line


def say(text: str, who: str = "run") -> None:
    for line in text.splitlines():
        print(f"{who:<{WIDTH}}| {line}", flush=True)


@dataclass
class Output:
    """The output of one program."""

    name: str
    reader: IO[bytes]
    rest: bytes = b""

    def show(self) -> bool:
        """Print the lines that have come; False when no more will."""
        with contextlib.suppress(BlockingIOError):
            read = self.reader.read(65536)
            *lines, self.rest = (self.rest + (read or b"")).split(b"\n")
            for line in lines:
                say(line.decode(errors="replace"), self.name)
            return read != b""
        return True


class Outputs:
    """The outputs of several programs, printed as they come."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()

    def add(self, name: str, reader: IO[bytes]) -> None:
        """Print what this unbuffered reader has to say."""
        os.set_blocking(reader.fileno(), False)
        self.selector.register(reader, selectors.EVENT_READ, Output(name, reader))

    def add_pipe(self, name: str, pipe: Path) -> None:
        """Make a named pipe and print what is written into it; it stays open whoever opens and closes it."""
        pipe.parent.mkdir(exist_ok=True)
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe, 0o600)
        self.add(name, os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0))

    def show(self, within: float) -> None:
        """Print what there is, waiting up to `within` seconds for something."""
        for key, _ in self.selector.select(within):
            if not key.data.show():
                self.selector.unregister(key.fileobj)

    def close(self) -> None:
        """Close every pipe."""
        for key in list(self.selector.get_map().values()):
            key.data.reader.close()
        self.selector.close()
