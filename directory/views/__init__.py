"""Pages and endpoints of directory; importing the package registers them."""

from directory.views import doors, editing, exports, feed_lists, home, listings, news, topics
from directory.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "doors",
    "editing",
    "exports",
    "feed_lists",
    "home",
    "listings",
    "news",
    "topics",
]
