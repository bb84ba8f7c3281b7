"""Independent readers of what we send, one per peer, each as strict as that peer.

Written from what the peers accept and refuse, without a line of our own vocabulary: what they
raise, that peer would have refused.
"""
