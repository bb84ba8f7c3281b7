"""People, local or remote; signing in itself is Flask-Security-Too."""
