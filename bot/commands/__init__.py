"""The bodies of the commands, a file a word; `bot.cli` parses their options and imports them when they are called."""
