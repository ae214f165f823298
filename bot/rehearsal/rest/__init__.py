"""How one request becomes one answer: reading, refusing, limits, faults, the record of it all."""
