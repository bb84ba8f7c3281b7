"""What every recorded document of the nine kinds of server means, one table per sender."""

from tests.interop.documents import (
    forums,
    friendica,
    lemmy_acts,
    lemmy_moderation,
    lemmy_things,
    mastodon,
    others,
)

DOCUMENTS = {
    **lemmy_acts.DOCUMENTS,
    **lemmy_moderation.DOCUMENTS,
    **lemmy_things.DOCUMENTS,
    **mastodon.DOCUMENTS,
    **friendica.DOCUMENTS,
    **forums.DOCUMENTS,
    **others.DOCUMENTS,
}
