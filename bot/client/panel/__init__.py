"""The panel of a room: the message that shows how it stands, its buttons, and what comes of pressing them."""

from bot.client.panel.deeds import PanelDeeds
from bot.client.panel.items import PanelItem
from bot.client.panel.pressed import Pressed
from bot.client.panel.showing import PanelOfRoom

__all__ = ["PanelDeeds", "PanelItem", "PanelOfRoom", "Pressed"]
