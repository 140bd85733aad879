"""What the chat screen shows, as Textual content. All text is cleaned here, markup is never read."""
