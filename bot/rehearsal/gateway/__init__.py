"""Discord's gateway: sockets, sessions that can be resumed, and which events reach them."""
