"""The forum itself and the ground floor; nobody imports from here directly."""
