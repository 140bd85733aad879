"""The chat in a browser: only who has its address gets in, and a missing extra is told."""

from __future__ import annotations

import sys

import pytest
from conftest import Footnote

pytest.importorskip("textual_serve", reason="the extra [serve] is not installed")
from aiohttp.test_utils import TestClient, TestServer

from bot.commands.serve import COOKIE, HOST, ChatServer, serve
from bot.errors import BotError


async def test_only_its_own_page_with_the_key_gets_in_and_nothing_is_fetched_elsewhere() -> None:
    told: list[str] = []
    server = ChatServer(8000, told.append)
    async with TestClient(TestServer(await server._make_app())) as client:
        assert told and server.address in told[0] and "127.0.0.1" in server.address
        own = {"Host": f"{HOST}:8000"}
        key = {"key": server.secret}
        page = await client.get("/", params=key, headers=own)
        assert page.status == 200 and "Footnote" in await page.text()
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert page.cookies[COOKIE]["samesite"] == "Strict" and page.cookies[COOKIE]["httponly"]
        with_cookie = {**own, "Cookie": f"{COOKIE}={server.secret}"}
        assert (await client.get("/static/js/textual.js", headers=with_cookie)).status == 200
        for headers in ({**own, "Cookie": ""}, {**with_cookie, "Host": "evil.example"},
                        {**with_cookie, "Origin": "https://evil.example"}):  # fmt: skip
            client.session.cookie_jar.clear()
            assert (await client.get("/", headers=headers)).status == 403
            assert (await client.get("/ws", headers=headers)).status == 403


def test_a_port_that_is_taken_is_told() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BotError, match=f"cannot be served at port {port}"):
            serve(port, lambda line: None)


def test_without_the_extra_the_next_step_is_told(
    in_process: Footnote, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    monkeypatch.delitem(sys.modules, "bot.commands.serve")
    done = in_process(tmp_path, "chat", "--serve")  # type: ignore[arg-type]
    assert done.code == 2 and 'pip install "footnote-news[serve]"' in done.err
