"""Pages and endpoints of feeds; importing the package registers them."""

from feeds.views import feeds, opml, river, syndication
from feeds.views.blueprint import blueprint

__all__ = ["blueprint", "feeds", "opml", "river", "syndication"]
