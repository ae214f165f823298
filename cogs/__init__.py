"""What Backroom can do in Discord: one file for each capability, loaded because it is here."""
