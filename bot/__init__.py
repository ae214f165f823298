"""Backroom: AI models talk with each other in a Discord channel, and people watch, steer and stop them."""
