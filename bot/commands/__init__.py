"""What each command does once its words are parsed; `bot.cli.main` imports them when they are called."""
