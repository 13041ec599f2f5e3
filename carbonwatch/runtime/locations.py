"""Where the embedded servers keep their data and how to reach them (no server is started here)."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET = 107  # bytes of a Unix socket's path on Linux; 103 on macOS
POSTGRES_SOCKET = ".s.PGSQL.5432"


def var_dir() -> Path:
    """Folder of everything that the running system writes; `CARBONWATCH_VAR` moves it."""
    return Path(os.environ.get("CARBONWATCH_VAR") or ROOT / "var").resolve()


def postgres_dir() -> Path:
    """Data folder of the embedded PostgreSQL."""
    return var_dir() / "postgres"


def redis_dir() -> Path:
    """Data folder of the embedded Redis."""
    return var_dir() / "redis"


def socket_dir() -> Path:
    """Private folder of both sockets: `var/run`, or a short one under /tmp for a deep checkout."""
    wanted = var_dir() / "run"
    if len(os.fsencode(wanted / POSTGRES_SOCKET)) <= LONGEST_SOCKET - 8:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return Path("/tmp") / f"carbonwatch-{os.geteuid()}-{digest}"  # noqa: S108 - made 0700, owner checked


def redis_socket() -> Path:
    """Socket of the embedded Redis."""
    return socket_dir() / "redis.sock"


def embedded_database_url(database: str = "carbonwatch") -> str:
    """URL used when `DATABASE_URL` is not set (libpq's form: the folder is the host)."""
    return f"postgres://postgres@{quote(str(socket_dir()), safe='')}/{database}"


def embedded_redis_url() -> str:
    """URL used when `REDIS_URL` is not set."""
    return f"unix://{quote(str(redis_socket()))}"


def celery_broker_url(redis_url: str) -> str:
    """The same Redis in Celery's spelling: sockets are `redis+socket://` with `virtual_host`."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}" + (f"?{query.replace('db=', 'virtual_host=')}" if query else "")
