"""The settings: one frozen class, read once by the command line, passed down from there."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIB = 1024 * 1024


def _read_list(value: object) -> object:
    """What a variable holds; that of pydantic-settings ends with a trace if it is not JSON."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError('a JSON list is expected, such as ["one", "another"]') from error


def _network(text: str) -> str:
    ipaddress.ip_network(text, strict=False)  # raises the ValueError that says what is wrong
    return text


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_read_list)]
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_read_list)
]


class Settings(BaseSettings):
    """Every setting is an environment variable `ISOGLOSS_<NAME>`; bad values are refused at the start."""

    model_config = SettingsConfigDict(env_prefix="ISOGLOSS_", frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    state: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("isogloss"),
        description="Folder of snapshots, loaded records and the ledger.",
    )
    engine: str = Field(
        default="", description="URL of an outside SPARQL endpoint; empty: the embedded store."
    )
    engine_user: str = Field(default="", description="User at the outside endpoint; empty: none.")
    engine_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the outside endpoint; never logged."
    )
    public_url: str = Field(default="", description="URL under which the public reaches this server.")
    workers: int = Field(default=2, ge=1, le=256, description="Processes that run queries.")
    query_timeout: float = Field(
        default=30.0, gt=0, description="Seconds a query may run unless it asks otherwise."
    )
    query_timeout_max: float = Field(
        default=120.0, gt=0, description="Most seconds a query may ask for (timeout=)."
    )
    query_memory: int = Field(default=2048 * MIB, ge=64 * MIB, description="Bytes of memory a query may use.")
    result_rows: int = Field(default=0, ge=0, description="Most rows in an answer; 0: no cap.")
    result_bytes: int = Field(default=0, ge=0, description="Most bytes in an answer; 0: no cap.")
    answer_cache: int = Field(default=64 * MIB, ge=0, description="Bytes of answers kept in memory; 0: none.")
    ask_ahead: int = Field(
        default=1_000_000,
        ge=0,
        description="Triples from which on overview pages are asked for ahead of visitors; 0: never.",
    )
    service_allow: Texts = Field(default=(), description="IRI prefixes that SERVICE may reach (JSON list).")
    trusted_proxies: Networks = Field(
        default=(), description="Addresses or networks whose Forwarded headers are believed (JSON list)."
    )
