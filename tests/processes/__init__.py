"""Real processes on loopback: started, federating, killed at every step."""
