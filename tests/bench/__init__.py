"""`./run.sh bench`: a real server on loopback, measured from outside, beside its targets."""
