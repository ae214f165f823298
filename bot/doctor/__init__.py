"""`backroom doctor`: looks at everything that a room needs, changes nothing, and says what to do."""

from bot.doctor.examination import examine
from bot.doctor.findings import Finding, State

__all__ = ["Finding", "State", "examine"]
