"""The only reader of the environment: turns it into the mapping that `app.create_app` takes.

Here: Embedded (what `make run` uses), Testing, Production, and `load`, which picks one by APP_ENV.
Not here: anything that uses a setting.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent
KEY_BYTES = 32
MIB = 1024 * 1024
# sun_path of sockaddr_un has 108 bytes, the last of them zero.
SOCKET_PATH_BYTES = 107

Settings = dict[str, Any]


class BadConfiguration(Exception):
    """The environment cannot be used; `problems` names every fault, so that one correction is enough."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n  - ".join(["配置有误，请更正下列各项后重新启动：", *problems]))
        self.problems = problems


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Embedded unless APP_ENV=production; raises BadConfiguration.

    The first call of the embedded kind creates DATA_DIR and its secrets; all later ones read them.
    """
    kind = environ.get("APP_ENV", "embedded")
    if kind == "production":
        return Production(environ).settings()
    if kind == "embedded":
        return Embedded(environ).settings()
    raise BadConfiguration([f"APP_ENV 只能是 embedded 或 production，现在是 {kind}"])


@dataclass(frozen=True)
class Embedded:
    """Everything beside the code: SQLite, an own Redis, generated keys, demonstration gateways."""

    environ: Mapping[str, str]

    def settings(self) -> Settings:
        folder = data_folder(self.environ)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = kept_secrets(folder)
        host, port = address(self.environ)
        uploads = folder / "uploads" if self.environ.get("DATA_DIR") else ROOT / "uploads"
        return common(self.environ) | {
            "ENVIRONMENT": "embedded",
            "HOST": host,
            "PORT": port,
            "DATA_FOLDER": str(folder),
            "SECRET_KEY": kept["secret_key"],
            "SEALING_KEYS": {1: base64.b64decode(kept["sealing_key"])},
            "LOOKUP_KEY": base64.b64decode(kept["lookup_key"]),
            # Cookies know no ports: two copies on one host would overwrite each other's session.
            "SESSION_COOKIE_NAME": "session_" + hashlib.sha256(kept["secret_key"].encode()).hexdigest()[:8],
            "SESSION_COOKIE_SECURE": False,
            "STORAGE_FOLDER": str(uploads),
            "DEMO": self.environ.get("DEMO", "1") not in {"0", "false", "no"},
            "PAYMENT": self.environ.get("PAYMENT", "simulated"),
            "SMS": self.environ.get("SMS", "outbox"),
            "PUBLIC_BASE_URL": self.environ.get("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            **database(self.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'platform.db'}"),
            **redis(self.environ.get("REDIS_URL") or socket_url(redis_socket(folder))),
            "OWN_REDIS": not self.environ.get("REDIS_URL"),
        }


@dataclass(frozen=True)
class Testing:
    """Fixed keys and cheap password hashes; the fixtures say where database, Redis and files are."""

    database_url: str
    redis_url: str
    storage_folder: str

    def settings(self) -> Settings:
        return common({}) | {
            "ENVIRONMENT": "testing",
            "TESTING": True,
            "HOST": "127.0.0.1",
            "PORT": 0,
            "DATA_FOLDER": self.storage_folder,
            "SECRET_KEY": "testing " * 8,
            "SEALING_KEYS": {1: b"1" * KEY_BYTES, 2: b"2" * KEY_BYTES},
            "LOOKUP_KEY": b"L" * KEY_BYTES,
            "SESSION_COOKIE_SECURE": False,
            "STORAGE_FOLDER": self.storage_folder,
            "DEMO": True,
            "PAYMENT": "simulated",
            # The fake that remembers.
            "SMS": "recording",
            "PUBLIC_BASE_URL": "http://localhost",
            "FAB_PASSWORD_HASH_METHOD": "pbkdf2:sha256:1000",
            **database(self.database_url),
            **redis(self.redis_url),
            "OWN_REDIS": False,
        }


@dataclass(frozen=True)
class Production:
    """Nothing is generated and nothing of the demonstration is allowed."""

    environ: Mapping[str, str]

    def settings(self) -> Settings:
        problems = self.problems()
        if problems:
            raise BadConfiguration(problems)
        host, port = address(self.environ)
        public = self.environ["PUBLIC_BASE_URL"].rstrip("/")
        return common(self.environ) | {
            "ENVIRONMENT": "production",
            "HOST": host,
            "PORT": port,
            "DATA_FOLDER": str(data_folder(self.environ)),
            "SECRET_KEY": self.environ["SECRET_KEY"],
            "SEALING_KEYS": sealing_keys(self.environ["SEALING_KEYS"]),
            "LOOKUP_KEY": key(self.environ["LOOKUP_KEY"]),
            # The prefix makes browsers refuse the cookie unless it is Secure and bound to this host.
            "SESSION_COOKIE_NAME": "__Host-session",
            "SESSION_COOKIE_SECURE": True,
            "PREFERRED_URL_SCHEME": "https",
            "TRUSTED_HOSTS": [urlsplit(public).hostname, "127.0.0.1"],
            "FAB_SAFE_REDIRECT_HOSTS": [urlsplit(public).netloc],
            "STORAGE_FOLDER": str(data_folder(self.environ) / "uploads"),
            "DEMO": False,
            "PAYMENT": self.environ["PAYMENT"],
            "SMS": self.environ["SMS"],
            "PUBLIC_BASE_URL": public,
            **database(self.environ["DATABASE_URL"]),
            **redis(self.environ["REDIS_URL"]),
            "OWN_REDIS": False,
        }

    def problems(self) -> list[str]:
        """Every fault at once, in words for the person who sets the environment."""
        given = self.environ.get
        found = []
        if len(given("SECRET_KEY", "")) < 32:
            found.append("SECRET_KEY 至少 32 个字符")
        for name, read in (("SEALING_KEYS", sealing_keys), ("LOOKUP_KEY", key)):
            try:
                read(given(name, ""))
            except ValueError as error:
                found.append(f"{name} {error}")
        if not given("DATABASE_URL", "").startswith(("postgresql:", "postgresql+psycopg:", "postgres:")):
            found.append("DATABASE_URL 须为 PostgreSQL 的地址，如 postgresql://user@host/name")
        if not given("REDIS_URL", "").startswith(("redis:", "rediss:", "unix:")):
            found.append("REDIS_URL 须为 Redis 的地址，如 redis://host:6379/0")
        public = urlsplit(given("PUBLIC_BASE_URL", ""))
        if public.scheme != "https" or not public.hostname:
            found.append("PUBLIC_BASE_URL 须为以 https:// 开头的访问地址")
        if given("DEMO", "0") not in {"", "0", "false", "no"}:
            found.append("DEMO 不得在生产环境打开，请删去或设为 0")
        if given("SMS", "outbox") == "outbox":
            found.append("SMS 须指明短信服务，不得使用演示用的 outbox")
        if given("PAYMENT", "simulated") == "simulated":
            found.append("PAYMENT 须指明支付服务，不得使用演示用的 simulated")
        return [*found, *faulty_numbers(self.environ)]


def common(environ: Mapping[str, str]) -> Settings:
    """What all three have alike."""
    return {
        "APP_NAME": environ.get("SITE_NAME", "职称申报评审服务平台"),
        "SITE_SHORT": environ.get("SITE_SHORT", "职称评审"),
        "SITE_SPONSOR": environ.get("SITE_SPONSOR", "市职称改革工作领导小组办公室"),
        "SITE_PHONE": environ.get("SITE_PHONE", ""),
        # What the law asks of the foot of every page; what is set to nothing is not shown.
        "SITE_ICP": environ.get("SITE_ICP", ""),
        "SITE_POLICE": environ.get("SITE_POLICE", ""),
        "SITE_PRIVACY": environ.get("SITE_PRIVACY", "/privacy/"),
        "SITE_ACCESSIBILITY": environ.get("SITE_ACCESSIBILITY", "/accessibility/"),
        "CITY_DIVISION": environ.get("CITY_DIVISION", "450200"),
        # Flask-AppBuilder: the schema comes from migrations, permissions from `flask sync-roles`.
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "AUTH_TYPE": 1,
        "AUTH_USERNAME_CI": False,
        "AUTH_ROLE_PUBLIC": "Public",
        "AUTH_USER_REGISTRATION": False,
        "RATELIMIT_ENABLED": True,
        # Without the fallback every limited page answers 500 while Redis is away.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "WTF_CSRF_TIME_LIMIT": None,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_IDLE_MINUTES": 30,
        "SESSION_HOURS": 12,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 32 * MIB,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}},
        "QUEUE": "platform",
        "TRUSTED_PROXIES": number(environ, "TRUSTED_PROXIES", 0),
    }


def database(url: str) -> Settings:
    """Parameters are hidden from logged errors: they may be personal data."""
    if url.startswith("sqlite"):
        return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True}}
    # "postgres:" and "postgresql:" would ask for psycopg2; psycopg 3 is what is installed.
    url = "postgresql+psycopg:" + url.split(":", 1)[1]
    options = {"pool_pre_ping": True, "pool_size": 10, "hide_parameters": True}
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def redis(url: str) -> Settings:
    # The limiter's storage has its own name for a socket's scheme.
    limiter = "redis+" + url if url.startswith("unix:") else url
    return {"REDIS_URL": url, "RATELIMIT_STORAGE_URI": limiter}


def data_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """Where to listen: HOST and PORT; raises BadConfiguration for a port that is none."""
    problems = faulty_numbers(environ)
    if problems:
        raise BadConfiguration(problems)
    return environ.get("HOST") or "127.0.0.1", number(environ, "PORT", 5000)


def number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or ""
    return int(text) if text.isdecimal() else default


def faulty_numbers(environ: Mapping[str, str]) -> list[str]:
    highest = {"PORT": 65535, "TRUSTED_PROXIES": 9}
    return [
        f"{name} 须为 0 至 {top} 的整数，现在是 {environ[name]}"
        for name, top in highest.items()
        if environ.get(name) and not (environ[name].isdecimal() and int(environ[name]) <= top)
    ]


def redis_socket(folder: Path) -> Path:
    """The socket in `folder`, or, where the path would be too long for one, in a folder of its own in /tmp
    that only this user can enter; the same for the same `folder`, so that every process finds it."""
    inside = folder / "redis.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"platform-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid() or short.stat().st_mode & 0o077:
        raise BadConfiguration([f"{short} 属于其他用户，请把 DATA_DIR 换成较短的路径"])
    return short / "redis.sock"


def socket_url(path: Path) -> str:
    return f"unix://{quote(str(path))}?db=0"


def kept_secrets(folder: Path) -> dict[str, str]:
    """The keys in `folder`/secrets.json (0600), created at the first start, by whoever comes first."""
    path = folder / "secrets.json"
    if not path.exists():
        if (folder / "platform.db").exists():
            raise BadConfiguration([f"{path} 不见了，没有它就读不出已加密的数据；请恢复它，或换 DATA_DIR"])
        fresh = {
            "secret_key": secrets.token_urlsafe(48),
            "sealing_key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
            "lookup_key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        }
        create_once(path, json.dumps(fresh, indent=2) + "\n")
    return json.loads(path.read_text())


def create_once(path: Path, text: str) -> None:
    """Writes `path` whole and readable by its owner only; leaves it alone if another process was faster."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def key(text: str) -> bytes:
    """At least 32 bytes from base64; raises ValueError with a sentence."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) < KEY_BYTES:
        raise ValueError("须为 32 字节密钥的 base64（openssl rand -base64 32）")
    return value


def sealing_keys(text: str) -> dict[int, bytes]:
    """ "1:base64,2:base64" as {1: key, 2: key}; raises ValueError with a sentence."""
    keys: dict[int, bytes] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        number_text, _, value = part.partition(":")
        if not (number_text.isdecimal() and 1 <= int(number_text) <= 255) or int(number_text) in keys:
            raise ValueError("须形如 1:base64,2:base64，编号为 1 至 255 且不重复")
        keys[int(number_text)] = key(value)
        if len(keys[int(number_text)]) != KEY_BYTES:
            raise ValueError("的每个密钥须正好 32 字节")
    if not keys:
        raise ValueError("须形如 1:base64,2:base64")
    return keys
