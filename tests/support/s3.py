"""A server that speaks S3 (moto), in this process, and the environment by which it is reached."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from moto.server import ThreadedMotoServer


@contextmanager
def s3_server(objects: dict[str, bytes], bucket: str = "media") -> Iterator[None]:
    """Serves a bucket with these objects until the block ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    named = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    with pytest.MonkeyPatch.context() as patch, httpx2.Client(base_url=address, timeout=30) as http:
        for name, value in named.items():
            patch.setenv(name, value)
        assert http.put(f"/{bucket}").status_code == 200
        for key, content in objects.items():
            assert http.put(f"/{bucket}/{key}", content=content).status_code == 200
        yield
    server.stop()
