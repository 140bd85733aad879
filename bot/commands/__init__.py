"""The options that commands share, and the bodies of the longer ones, a file a word; `bot.cli` parses and calls them."""
