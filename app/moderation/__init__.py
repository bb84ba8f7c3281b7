"""Reports, host blocks and the public log."""
