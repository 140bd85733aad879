"""The options that commands share, and the bodies of longer ones, a file a word; `bot.cli` parses and calls them."""
