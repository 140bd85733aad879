"""The chat in a browser: only who has its address gets in, and a missing extra is told."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from conftest import ARTICLES, Footnote
from console import START, command, environment

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
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BotError, match=f"cannot be served at port {port}"):
            serve(port, lambda line: None)


def test_without_the_extra_the_next_step_is_told(
    in_process: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    monkeypatch.delitem(sys.modules, "bot.commands.serve")
    done = in_process(tmp_path, "chat", "--serve")
    assert done.code == 2 and 'pip install "footnote-news[serve]"' in done.err


async def _joined(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> aiohttp.ClientWebSocketResponse:
    """The socket of a server that tells its address a moment before it listens."""
    for _ in range(200):
        try:
            return await session.ws_connect(url, headers=headers)
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.1)
    raise AssertionError("nobody listens")


@pytest.mark.torture
async def test_a_question_typed_in_a_tab_is_answered_there(tmp_path: Path) -> None:
    """Over the socket that the page opens, with the bytes that it sends; a browser is not needed."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "mine.md").write_text(ARTICLES["mine.md"])
    assert command(tmp_path / "home", "ingest", tmp_path / "news").code == 0
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    given = [*START, "chat", "--serve", "--port", str(port)]
    server = subprocess.Popen(given, env=environment(tmp_path / "home"), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        key = re.search(r"key=(\S+)", await asyncio.to_thread(server.stdout.readline))
        assert key is not None
        async with aiohttp.ClientSession(cookies={COOKIE: key[1]}) as session:
            own = {"Origin": f"http://{HOST}:{port}"}
            page = await _joined(session, f"ws://{HOST}:{port}/ws?width=100&height=30", own)
            await page.send_json(["stdin", "Who was the shift foreman?\r"])
            shown = b""
            while b"came up last" not in shown:
                shown += await page.receive_bytes(timeout=60)
            assert "Luis Urzúa" in re.sub(r"\x1b\[[0-9;]*m", "", shown.decode(errors="replace"))
            await page.close()
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
