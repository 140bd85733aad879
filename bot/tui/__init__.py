"""The chat in a terminal: it draws the events of an engine, and knows nothing of retrieval, models or files."""
