"""Where the embedded servers keep their data and how to reach them (no server is started here)."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def var_dir() -> Path:
    """Folder of everything that the running system writes; `CARBONWATCH_VAR` moves it."""
    return Path(os.environ.get("CARBONWATCH_VAR", ROOT / "var"))


def postgres_dir() -> Path:
    """Data folder of the embedded PostgreSQL; its socket lies in it."""
    return var_dir() / "postgres"


def redis_dir() -> Path:
    """Data folder of the embedded Redis; its socket lies in it."""
    return var_dir() / "redis"


def embedded_database_url() -> str:
    """URL used when `DATABASE_URL` is not set."""
    return f"postgres://postgres@{str(postgres_dir()).replace('/', '%2F')}/carbonwatch"


def embedded_redis_url() -> str:
    """URL used when `REDIS_URL` is not set."""
    return f"unix://{redis_dir() / 'redis.sock'}"
