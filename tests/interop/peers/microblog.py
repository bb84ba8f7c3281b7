"""How microblog servers read: boosts by id, notes, favourites; never a moderator's act."""

from typing import Any

from tests.interop.peers.software import Json
from tests.interop.peers.writing import Writer, now_text
from tests.support.fediverse import PUBLIC, RemoteActor


class Microblog(Writer):
    """Mastodon and GoToSocial: a community is an account that boosts."""

    is_forum = False
    person_path = "/users/{}"
    group_path = "/users/{}"

    def on_announce(self, activity: Json) -> None:
        """Show a boost; what is inside an activity is looked up by its id, and only a Create helps.

        All else costs a GET and is thrown away.
        """
        thing = activity["object"]
        found = self.get(thing if isinstance(thing, str) else thing["id"])
        if found["type"] == "Create":
            found = self.get(found["object"]["id"])
        if "content" not in found:
            self.shown.ignored.append(f"Announce of {found['type']}")
            return
        self.show(found)
        self.shown.boosts[found["id"]] = activity["id"]

    def on_block(self, activity: Json) -> None:
        """Every Block is taken for a personal one, whatever its target."""
        self.shown.personal_blocks.append(activity)

    def on_collect(self, activity: Json) -> None:
        """Ignore lists of others: only somebody's own posts can be pinned."""
        self.shown.ignored.append(activity["type"])

    def note(self, author: RemoteActor, text: str, mentioned: list[str], **extra: Any) -> Json:
        """Write a post as such a server does: a Note, public, naming people."""
        status = self.thing_id("statuses")
        tags = [self.mention(uri) for uri in mentioned]
        links = (
            f'<a href="{tag["href"]}" class="u-url mention">{tag["name"]}</a> ' for tag in tags
        )
        spoken_to = "".join(links)
        return {
            "id": status,
            "type": "Note",
            "summary": None,
            "inReplyTo": None,
            "published": now_text(),
            "url": status,
            "attributedTo": author.uri,
            "to": [PUBLIC],
            "cc": [f"{author.uri}/followers", *mentioned],
            "sensitive": False,
            "content": f"<p>{spoken_to}{text}</p>",
            "contentMap": {"nl": f"<p>{spoken_to}{text}</p>"},
            "attachment": [],
            "tag": tags,
            **extra,
        }

    def thread(self, author: RemoteActor, group: str, title: str, **extra: Any) -> Json:
        """Write a post that names a community; it has no title."""
        extra.pop("name", None)
        return self.note(author, title, [group], **extra)

    def comment(self, author: RemoteActor, parent: str, group: str, **extra: Any) -> Json:
        """Write an answer; the community is named when its own answers do so."""
        return self.note(author, "Zo doen wij het.", [], inReplyTo=parent, **extra)

    def vote(self, verb: str, actor: RemoteActor, uri: str, group: str) -> Json:
        """Write a favourite: nothing but who and what."""
        return self.act(verb, actor, uri)

    def delete(self, author: RemoteActor, uri: str, group: str) -> Json:
        """Write that a post is gone, for everybody."""
        return self.act("Delete", author, {"id": uri, "type": "Tombstone"}, to=[PUBLIC])

    def follow(self, actor: RemoteActor, uri: str) -> Json:
        """Write a Follow: without `to`."""
        return self.act("Follow", actor, uri)

    def reply(self, verb: str, actor: RemoteActor, follow: Json) -> Json:
        """Write the answer to a Follow: a copy of it, without `to`."""
        names = ("id", "type", "actor", "object")
        return self.act(verb, actor, {name: follow[name] for name in names})
