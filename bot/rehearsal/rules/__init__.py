"""What Discord accepts and what it refuses: limits, names, forms, mentions."""
