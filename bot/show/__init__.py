"""How answers, articles and days are told: on a terminal, on the screen, as plain values."""
