"""What a room is, as pure functions of its journal: no Discord, network, disk, clock or settings in here."""
