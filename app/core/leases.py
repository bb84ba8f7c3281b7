"""One worker at a time: a named lease in the database, at most a minute long."""

from datetime import timedelta

from sqlalchemy import String, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.columns import OptionalInstant
from app.core.db import Base, session, unit_of_work

LEASE = timedelta(seconds=60)


class Lease(Base):
    """Who holds a lane, and until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(60))
    until: Mapped[OptionalInstant]


def take_lease(name: str, holder: str) -> bool:
    """Take or renew the lease called `name`; False while another holder has it."""
    now = utcnow()
    with unit_of_work():
        _make_lane(name)
        taken = session().execute(
            update(Lease)
            .where(Lease.name == name)
            .where((Lease.until.is_(None)) | (Lease.until < now) | (Lease.holder == holder))
            .values(holder=holder, until=now + LEASE)
            .returning(Lease.name)
        )
        return taken.first() is not None


def _make_lane(name: str) -> None:
    """Make the row of a lane that is new; another worker may do so at the same moment."""
    if session().get(Lease, name) is not None:
        return
    try:
        with session().begin_nested():
            session().execute(insert(Lease).values(name=name))
    except IntegrityError:
        return  # it is there now, which is all that was wanted


def give_back_lease(name: str, holder: str) -> None:
    """Let go of the lease, when `holder` still has it."""
    with unit_of_work():
        session().execute(
            update(Lease)
            .where(Lease.name == name, Lease.holder == holder)
            .values(holder=None, until=None)
        )


def free_all_leases() -> None:
    """Free every lane and every row; for the start of a worker that is alone on its data."""
    session().execute(update(Lease).values(holder=None, until=None))
    for table in Base.metadata.sorted_tables:
        if "lease_until" in table.columns:
            leased = table.columns["lease_until"].is_not(None)
            session().execute(update(table).where(leased).values(lease_until=None))
