"""Footnote's answering side: the pipeline, its writers, and the command line over them."""

__version__ = "0.1.0"
