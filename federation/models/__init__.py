"""What the protocol needs to remember: keys, inboxes, raw activities, deliveries, peers."""
