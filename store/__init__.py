"""The retrieval layer: a record of articles, two indexes that follow it, and one search over both."""
