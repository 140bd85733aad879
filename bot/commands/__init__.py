"""The options that commands share, and a file for each longer command; `bot.cli` parses and calls them."""
