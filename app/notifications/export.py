"""What somebody was told, for the file with everything we hold about a person."""

from app.accounts.models.account import Account
from app.notifications.models import Notification
from app.notifications.queries import list_all


def list_notified(account: Account) -> list[dict[str, object]]:
    """Return the notifications of `account` as plain rows, without what others wrote."""
    return [
        {
            "soort": str(row.kind),
            "adres": _address(row),
            "gemaakt": row.made_at,
            "gelezen": row.read_at,
        }
        for row in list_all(account)
    ]


def _address(row: Notification) -> str | None:
    """Return the id of the text a notification is about, None for a report."""
    if row.comment is not None:
        return row.comment.uri
    return None if row.post is None else row.post.uri
