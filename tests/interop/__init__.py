"""The matrix of behaviours and peers, played: who reads, shows and answers what."""
