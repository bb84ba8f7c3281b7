"""Facts this server remembers about itself, such as the address it is known by."""

from sqlalchemy import String, Text, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, session
from app.core.settings import SettingsError


class SiteFact(Base):
    """One remembered fact, by name."""

    __tablename__ = "site_fact"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def find_fact(name: str) -> str | None:
    """Return the fact called `name`, or None."""
    row = session().get(SiteFact, name)
    return None if row is None else row.value


def remember_fact(name: str, value: str) -> None:
    """Store a fact; an earlier value is replaced."""
    row = session().get(SiteFact, name)
    if row is None:
        session().add(SiteFact(name=name, value=value))
    else:
        row.value = value


def find_revision() -> str | None:
    """Return to which revision the database was migrated; None for one that is empty."""
    if not inspect(session().connection()).has_table("alembic_version"):
        return None
    found: str | None = session().scalar(text("SELECT version_num FROM alembic_version"))
    return found


BASE_URL_FACT = "frozen_base_url"


def freeze_base_url(base_url: str) -> None:
    """Remember the address once others know it: ids must never change after that."""
    if find_fact(BASE_URL_FACT) is None:
        remember_fact(BASE_URL_FACT, base_url)


def check_base_url(base_url: str) -> None:
    """Raise SettingsError when others already know this server by another address."""
    frozen = find_fact(BASE_URL_FACT)
    if frozen is not None and frozen != base_url:
        raise SettingsError(
            f"VERBINDPLAATS_BASE_URL is {base_url}, but other servers know this one as {frozen}; "
            "ids cannot change"
        )
