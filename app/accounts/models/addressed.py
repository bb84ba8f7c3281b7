"""What people and communities have in common: a name at a host, an id, a page."""

from typing import ClassVar

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.addresses import local_host, local_uri
from app.core.columns import UniqueUri


class Addressed:
    """Mixin. `host` and `remote_uri` are None for ours: their ids are computed from `name`.

    `webfinger` is another handle that somebody elsewhere goes by (FEP-2c59), once it was checked.
    """

    ID_PATH: ClassVar[str]

    name: Mapped[str] = mapped_column(String(255))
    host: Mapped[str | None] = mapped_column(String(255))
    remote_uri: Mapped[UniqueUri]
    remote_url: Mapped[str | None] = mapped_column(Text)
    webfinger: Mapped[str | None] = mapped_column(String(255), index=True)

    @property
    def is_local(self) -> bool:
        """Whether this server is its home."""
        return self.host is None

    @property
    def uri(self) -> str:
        """The id others know it by (AS2 `id`)."""
        return self.remote_uri or local_uri(f"{self.ID_PATH}{self.name}")

    @property
    def url(self) -> str:
        """Its own page, at home (AS2 `url`)."""
        return self.remote_url or self.uri

    @property
    def handle(self) -> str:
        """`name@host`, as typed into a search box."""
        return self.webfinger or f"{self.name}@{self.host or local_host()}"

    @property
    def page_name(self) -> str:
        """The last part of our page about it: `name`, or `name@host` for one elsewhere."""
        return self.name if self.host is None else f"{self.name}@{self.host}"
