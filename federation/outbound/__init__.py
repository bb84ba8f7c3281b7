"""Domain events on their way out: activities, audiences, deliveries."""
