"""`./run.sh bench`: a real server on loopback, measured from outside, beside what it should reach."""
