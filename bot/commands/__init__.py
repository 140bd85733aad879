"""What each command does once its words are parsed; `bot.cli` imports them when they are called."""
