"""A courtyard, its thread, somebody who lives there; and the platform's own server for what needs one."""

import gc
import threading
import time

import pytest
import uvicorn
from django.utils import translation

from deliberation import discussion
from tests import build
from tests.run import free_port


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def yard(db):
    return build.courtyard()


@pytest.fixture
def thread(yard, at):
    return discussion.open_thread(chain="case:" + "a" * 32, area=yard, by=build.person(), at=at)


@pytest.fixture
def neighbour(yard):
    return build.person("竹筠", yard)


@pytest.fixture
def server(transactional_db):
    """The port of a uvicorn that serves the platform in a thread of this process."""
    from config.asgi import application

    port = free_port()
    options = uvicorn.Config(application, port=port, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield port
    server.should_exit = True
    thread.join()
    gc.collect()  # what cut connections left behind is this test's affair, not the next one's
