"""Questions with known answers, asked through `Bot.answer()` and scored by code."""
