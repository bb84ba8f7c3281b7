"""What pages, exports and peers ask of the directory."""
