"""Counters that hold over all processes of one machine, without a server: a small SQLite file of their own.

Losing them in a power cut is no loss, so nothing waits for the disk. Over several machines Redis takes this place
(PORTAL_REDIS_URL)."""

import os
import sqlite3
import threading
from pathlib import Path
from urllib.parse import urlsplit

from limits.storage import Storage

from portal import clock

SCHEME = "counterfile"
SECONDS_TO_WAIT = 5.0
CLEAN_UP_EVERY = 500

COUNT = """
INSERT INTO counters (key, amount, expires_at) VALUES (:key, :amount, :expires_at)
ON CONFLICT (key) DO UPDATE SET
  amount = CASE WHEN expires_at <= :now THEN excluded.amount ELSE amount + excluded.amount END,
  expires_at = CASE WHEN expires_at <= :now THEN excluded.expires_at ELSE expires_at END
RETURNING amount
"""


class CounterFile(Storage):
    """A storage of the `limits` library: `counterfile:///path/to/limits.sqlite`. Counting is one atomic statement."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions)
        self.path = Path(urlsplit(uri).path)
        self.own = threading.local()
        self.counted = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = clock.now().timestamp()
        self.counted += 1
        if self.counted % CLEAN_UP_EVERY == 1:
            self._run("DELETE FROM counters WHERE expires_at <= :now", now=now)
        return int(self._run(COUNT, key=key, amount=amount, expires_at=now + expiry, now=now) or 0)

    def get(self, key: str) -> int:
        sql = "SELECT amount FROM counters WHERE key = :key AND expires_at > :now"
        return int(self._run(sql, key=key, now=clock.now().timestamp()) or 0)

    def get_expiry(self, key: str) -> float:
        return self._run("SELECT expires_at FROM counters WHERE key = :key", key=key) or clock.now().timestamp()

    def check(self) -> bool:
        return self._run("SELECT 1") == 1

    def reset(self) -> None:
        self._run("DELETE FROM counters")

    def clear(self, key: str) -> None:
        self._run("DELETE FROM counters WHERE key = :key", key=key)

    def _run(self, sql: str, **values: str | float) -> float | None:
        """Runs one statement, which is its own transaction; its first value, if any."""
        row = self._connection().execute(sql, values).fetchall()
        return row[0][0] if row else None

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; a process that was forked opens its own, as SQLite asks."""
        if getattr(self.own, "process", None) != os.getpid():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=SECONDS_TO_WAIT, isolation_level=None)
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS counters (key TEXT PRIMARY KEY, amount INTEGER NOT NULL, "
                "expires_at REAL NOT NULL) WITHOUT ROWID"
            )
            self.own.connection, self.own.process = connection, os.getpid()
        known: sqlite3.Connection = self.own.connection
        return known
