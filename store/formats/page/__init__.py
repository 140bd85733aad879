"""Web pages: markup becomes blocks of text, of which one story and its facts are taken."""
