"""Duplicates across articles: which articles are one story, and which of them is kept."""
