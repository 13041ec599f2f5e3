"""`python -m carbonwatch.runtime.standing`: the servers at 127.0.0.1, as lines for a shell.

Prints `DATABASE_URL=…` and `REDIS_URL=…` and exits 0 when both answer and a database may be made;
exits 1 otherwise. `CI_POSTGRES_USERS` and `PGPASSWORD` name other people than the usual ones.
"""

import getpass
import os
import sys
from contextlib import suppress
from urllib.parse import quote

import psycopg2
import redis

HOST = "127.0.0.1"
DATABASE = "carbonwatch_ci"
REDIS_NUMBER = 9


def database_url() -> str | None:
    """URL of our own database on the standing server; pytest makes `test_…` beside it."""
    users = os.environ.get("CI_POSTGRES_USERS", f"postgres,{getpass.getuser()}").split(",")
    password = os.environ.get("PGPASSWORD", "")
    for user in users:
        with suppress(psycopg2.OperationalError):
            connection = psycopg2.connect(
                host=HOST, user=user, password=password, dbname="postgres", connect_timeout=3
            )
            try:
                if _may_create(connection):
                    secret = f":{quote(password, safe='')}" if password else ""
                    return f"postgres://{quote(user, safe='')}{secret}@{HOST}:5432/{DATABASE}"
            finally:
                connection.close()
    return None


def _may_create(connection: "psycopg2.extensions.connection") -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
        return bool(row and row[0])


def redis_url() -> str | None:
    """URL of a numbered database of its own."""
    url = f"redis://{HOST}:6379/{REDIS_NUMBER}"
    client = redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3)
    with suppress(redis.RedisError), client:
        client.ping()
        return url
    return None


def main() -> int:
    """Print both lines, or nothing."""
    database, broker = database_url(), redis_url()
    if database is None or broker is None:
        return 1
    sys.stdout.write(f"DATABASE_URL='{database}'\nREDIS_URL='{broker}'\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
