"""Compares xact with its peers: `benches/run` is the command."""
