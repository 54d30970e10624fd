"""Where the database is, in the words of each program that is to find it."""

from __future__ import annotations

from sqlalchemy.engine import make_url

from db.embedded_process import programs_directory


def libpq_environment(dsn: str) -> dict[str, str]:
    """PGHOST and its kin for a DSN, Unix sockets included: every driver here reads them."""
    url = make_url(dsn)
    host = url.query.get("host", url.host or "127.0.0.1")
    values = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    return {name: value for name, value in values.items() if value}


def with_database(dsn: str, database: str) -> str:
    """The same server, another database."""
    return make_url(dsn).set(database=database).render_as_string(hide_password=False)


def database_of(dsn: str) -> str:
    """The name of the database."""
    return make_url(dsn).database or ""


def pgbench_program() -> str:
    """The pgbench that came with the embedded Postgres."""
    return str(programs_directory() / "pgbench")
