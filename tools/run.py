"""Serve the portal and its worker until Ctrl-C, on a migrated database with the demo data in it.

`make run` calls this after the set-up. Both processes are ended cleanly: on Ctrl-C, on SIGTERM, and when one
of them stops by itself.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
HOST = "127.0.0.1"
# One process with threads serves a whole office; more is a matter for docs/scaling.md.
THREADS = 4
SECONDS_TO_END = 10
SECONDS_TO_START = 30
# One account per role, as `flask demo` makes them.
DEMO_PASSWORD = "leerkring-demo"
DEMO_ACCOUNTS = ("deelnemer", "trainer", "organisatie", "coordinator", "regio", "bureau", "auditor", "beheer")


def main() -> int:
    """Returns the exit status: 0 after Ctrl-C, 1 when something did not start or stopped by itself."""
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return complain(f"PORT is {port!r}; it should be a number, such as PORT=9000 make run")
    if is_taken(int(port)):
        return complain(f"Port {port} is in use. Choose another: PORT=9000 make run")

    environment = os.environ | {"PORTAL_ENV": os.environ.get("PORTAL_ENV", "demo"), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("PORTAL_BASE_URL", f"http://{HOST}:{port}")
    is_demo = environment["PORTAL_ENV"] == "demo"
    for command in (["db", "upgrade"], ["demo"]) if is_demo else (["db", "upgrade"],):
        if subprocess.run([*flask(), *command], cwd=ROOT, env=environment).returncode != 0:
            return complain(f"'flask {' '.join(command)}' failed; the portal was not started.")
    return serve(int(port), environment)


def serve(port: int, environment: dict[str, str]) -> int:
    """Start the server and the worker, wait until one of them ends or somebody ends us, and end both."""
    commands = {
        "server": [
            str(BIN / "granian"),
            *("--interface", "wsgi", "--host", HOST, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning"),
            "wsgi:app",
        ],
        "worker": [*flask(), "worker"],
    }
    # Both end us in one way, also where a shell started us with SIGINT ignored, as it does in the background.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    # Sessions of their own: a Ctrl-C in the terminal reaches us alone, and we decide how the others end.
    running = {
        name: subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        for name, command in commands.items()
    }
    try:
        if answers_in_time(port, running["server"]):
            greet(port, environment["PORTAL_ENV"] == "demo")
        while all(process.poll() is None for process in running.values()):
            time.sleep(0.2)
        ended = [name for name, process in running.items() if process.poll() is not None]
        return complain(f"The {' and the '.join(ended)} stopped; see the lines above.")
    except KeyboardInterrupt:
        print("\nThe portal stops ...", flush=True)
        return 0
    finally:
        end(list(running.values()))


def answers_in_time(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Waits until the server listens. False when it ended, or is not there after SECONDS_TO_START."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        if is_taken(port):
            return True
        time.sleep(0.1)
    return False


def end(processes: list["subprocess.Popen[bytes]"]) -> None:
    """Ask every process to end; kill what has not ended after SECONDS_TO_END."""
    for impatience in (signal.SIGINT, signal.SIGTERM):
        signal.signal(impatience, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def greet(port: int, is_demo: bool) -> None:
    print(f"\nLeerkring: http://{HOST}:{port}    (Ctrl-C stops it)")
    if is_demo:
        print(f"Demo accounts, all with the password {DEMO_PASSWORD}:")
        for name in DEMO_ACCOUNTS:
            print(f"  {name}@demo.example")
        print(f"Mail is read at http://{HOST}:{port}/demo/post")
    print(flush=True)


def flask() -> list[str]:
    return [str(BIN / "flask"), "--app", "wsgi"]


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
