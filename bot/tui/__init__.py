"""The chat screen: it shows what the engine tells and knows nothing of how an answer is made."""
