import socket

import pytest

from training.serve.server import address_of, listen


def test_an_answer_leaves_without_waiting_for_its_head_to_be_acknowledged():
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_address_is_one_that_a_browser_opens():
    with listen("localhost", 0) as listener:
        host, port = listener.getsockname()[:2]
        assert address_of(listener) in (f"http://{host}:{port}/", f"http://[{host}]:{port}/")


def test_a_port_that_is_taken_is_an_error():
    with listen("127.0.0.1", 0) as listener, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", listener.getsockname()[1])
