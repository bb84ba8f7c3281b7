"""From a due feed to stored entries: schedule, fetch, clean, match, store."""
