"""What there is in a rehearsal: guilds, channels, people, messages; every change of it is announced."""
