"""Pages and endpoints of forum; importing the package registers them."""

from app.forum.views import (
    comments,
    communities,
    community_settings,
    echoes,
    front_page,
    hooks,
    moderating,
    posts,
    threads,
    votes,
)
from app.forum.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "comments",
    "communities",
    "community_settings",
    "echoes",
    "front_page",
    "hooks",
    "moderating",
    "posts",
    "threads",
    "votes",
]
