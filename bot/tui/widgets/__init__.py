"""The parts of the chat screen: each draws nouns and posts messages, and none of them asks anything."""
