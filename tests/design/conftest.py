"""The style guide behind a real server. It asks nothing of the database or the worker, so neither is started."""

import dataclasses
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from portal.app import create_app
from portal.config import Settings


@pytest.fixture(scope="session")
def guide(settings: Settings) -> Iterator[str]:
    """The address of the style guide, in Dutch."""
    app = create_app(dataclasses.replace(settings, env="demo"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/demo/stijlgids"
    server.shutdown()
    thread.join()
    server.server_close()
