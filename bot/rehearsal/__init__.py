"""A Discord of our own on 127.0.0.1, exact where the bot and discord.py look, for rehearsals and tests."""
