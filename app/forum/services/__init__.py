"""What people do in the forum: every write goes through here."""
