"""The options that commands share, and the bodies of the longer commands, a file a word; `bot.cli` parses and calls them."""
