"""Providers: the host that gets text, the key, the certificates, and the command that installs a package."""

from __future__ import annotations

import importlib
import ssl
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.writers import provider
from bot.writers.provider import Patience, Wire, install_command, place_of


def test_the_install_command_is_that_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = ["numpy<3", 'langchain-openai<1.8,>=1.7.3; extra == "openai"', 'scipy>=1; extra == "evals"']
    monkeypatch.setattr("bot.writers.provider.requires", lambda name: bounds)
    openai = "'langchain-openai<1.8,>=1.7.3'"
    assert install_command("langchain-openai", prefix=tmp_path) == f"{tmp_path}/bin/python -m pip install {openai}"
    (tmp_path / "pyvenv.cfg").write_text("uv = 0.9\n")
    uv = f"uv pip install --python {tmp_path}"
    assert install_command("langchain-mistralai", prefix=tmp_path) == f"{uv} langchain-mistralai"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pip").touch()
    assert install_command("x", "scipy", prefix=tmp_path) == f"{tmp_path}/bin/pip install x 'scipy>=1'"
    (tmp_path / "pipx_metadata.json").touch()
    assert install_command("langchain-openai", prefix=tmp_path) == f"pipx inject {tmp_path.name} {openai}"


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "pipx_metadata.json", "uv-receipt.toml"])
def test_no_install_command_fetches_a_project_by_footnotes_name(marker: str, tmp_path: Path) -> None:
    (tmp_path / marker).touch()
    for package in ("langchain-openai", "scipy"):
        command = install_command(package, prefix=tmp_path)
        assert package in command and "footnote" not in command.replace(str(tmp_path), "").replace(tmp_path.name, "")


@pytest.mark.parametrize(
    ("name", "environ", "host"),
    [
        ("openai:x", {}, "api.openai.com"),
        ("anthropic:x", {}, "api.anthropic.com"),
        ("OpenAI:x", {"OPENAI_BASE_URL": "https://llm.example.com:8443/v1"}, "llm.example.com"),
        ("openai:x", {"OPENAI_BASE_URL": "http://localhost:8080/v1"}, None),
        ("openai:x", {"OPENAI_BASE_URL": "http://localhost.example.com/v1"}, "localhost.example.com"),
        ("openai:x", {"OPENAI_BASE_URL": "http://127.0.0.1@example.com/v1"}, "example.com"),
        ("anthropic:x", {"ANTHROPIC_BASE_URL": "http://[::1]:9"}, None),
        ("ollama:x:7b", {}, None),
        ("ollama:x", {"OLLAMA_HOST": "0.0.0.0"}, None),
        ("ollama:x", {"OLLAMA_HOST": ":8080"}, None),
        ("ollama:x", {"OLLAMA_HOST": "box:1234/"}, "box"),
        ("ollama:x", {"OLLAMA_HOST": "192.168.1.9"}, "192.168.1.9"),
        ("ollama:gpt-oss:120b-cloud", {}, "ollama.com"),
        ("google-genai:x", {}, "google_genai"),
    ],
)
def test_the_host_that_gets_text(name: str, environ: dict[str, str], host: str | None) -> None:
    assert place_of(name, environ).host == host


@pytest.mark.parametrize("given", ["localhost:8080/v1", "ftp://x/v1", "http://", "http://x:port/v1", "http://[::1/v1"])
def test_a_base_url_that_is_none(given: str) -> None:
    with pytest.raises(UsageError, match="OPENAI_BASE_URL is no web address"):
        place_of("openai:x", {"OPENAI_BASE_URL": given})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "llm.example.com"])
@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_the_certificates_of_the_environment_are_trusted_on_every_host(
    host: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = Path(importlib.import_module("certifi").where()).read_text("utf-8")
    end = "-----END CERTIFICATE-----"
    (tmp_path / "own.pem").write_text(bundle[bundle.index("-----BEGIN") : bundle.index(end) + len(end)] + "\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    place = place_of("openai:x", {"OPENAI_BASE_URL": f"https://{host}:8443/v1"})
    given = provider._client(place, Patience(), importlib.import_module(library), Wire())
    assert isinstance(given["verify"], ssl.SSLContext) and given["verify"].cert_store_stats()["x509_ca"] == 1
    assert given["verify"].verify_mode is ssl.CERT_REQUIRED and given["trust_env"] is (host == "llm.example.com")
