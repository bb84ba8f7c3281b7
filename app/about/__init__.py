"""Pages about the site itself: who we are, rules, privacy, accessibility, help."""
