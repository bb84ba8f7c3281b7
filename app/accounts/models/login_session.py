"""Where somebody is signed in: one row per sign-in, which ends on the server."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, PublicId, RowId, UtcDateTime, reference
from app.core.db import Base

MAX_DEVICE_LENGTH = 40


class LoginSession(Base):
    """A sign-in in one browser; its cookies hold a random key, of which we keep the digest."""

    __tablename__ = "login_session"

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(reference("sign_in_user.id"), index=True)
    # The fs_uniquifier at sign-in: a new one (another password, suspension) ends the session.
    user_key: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(MAX_DEVICE_LENGTH))
    system: Mapped[str] = mapped_column(String(MAX_DEVICE_LENGTH))
    started_at: Mapped[Instant]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
