"""RSS, Atom and JSON Feed, in and out."""
