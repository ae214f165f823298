"""How the world looks in Discord's JSON, version 10."""
