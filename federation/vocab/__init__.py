"""ActivityStreams 2.0 as typed values: what peers send us and what we send them.

`parse` is the only reader of raw JSON and `render` the only writer of `@context`; between the two
the rest of the server sees frozen dataclasses. Nothing here touches the network or the database.
"""
