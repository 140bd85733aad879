"""Answers and articles on a terminal, in words, and as plain values."""
