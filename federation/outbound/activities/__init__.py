"""One file per verb: what an event becomes on the wire."""
