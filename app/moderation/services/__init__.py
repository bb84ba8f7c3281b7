"""What moderators do: deal with reports, rule over hosts, keep the log."""
