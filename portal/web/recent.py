"""What was used last, within bounds."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Recent(Generic[Key, Thing]):
    """Things by their key: at most so many and so many bytes; what was used longest ago goes first. For many threads.

    Each process has its own. The size of a thing is what its keeper says; one that is larger than all may be together
    is not kept."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Key, tuple[Thing, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key) -> Thing | None:
        """The thing with this key, which is then the last that was used; None when it is not here."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Key, thing: Thing, size: int) -> None:
        """Keeps a thing of so many bytes, in place of what had its key."""
        with self._lock:
            if key in self._kept:
                self.bytes -= self._kept.pop(key)[1]
            if size > self.most_bytes:
                return
            self._kept[key] = (thing, size)
            self.bytes += size
            while len(self._kept) > self.most or self.bytes > self.most_bytes:
                self.bytes -= self._kept.popitem(last=False)[1][1]
