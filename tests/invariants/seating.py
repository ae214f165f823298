"""Who has the word, by the rules that people are told: each in turn, whom somebody called on, who is passed over."""

from __future__ import annotations

from bot.room.entries import CalledOn, Joined, ModelChanged, Muted, Order, OrderSet, Removed, Unmuted


class Seating:
    """The seats of a room, who has had its go in this round, and who was called on."""

    def __init__(self) -> None:
        self.seats: list[int] = []
        self.order: Order = "round_robin"
        self.round = 1
        self.gone: set[int] = set()
        self.called: list[int] = []
        self._addressed: set[int] = set()
        self._left: set[int] = set()
        self._muted: dict[int, int | None] = {}
        """For how many more rounds each is passed over; None until somebody lifts it."""
        self._by_house: set[int] = set()

    @property
    def next_seat(self) -> int | None:
        """Whoever was called on first, else in the order of joining whoever is not muted and has not had its go."""
        called = next((seat for seat in self.called if self.is_asked(seat)), None)
        return called if called is not None or self.order == "conductor" else self.next_in_turn

    @property
    def next_in_turn(self) -> int | None:
        """The next in the order of joining; None when everyone has had their go."""
        return next((seat for seat in self.seats if self.is_asked(seat) and seat not in self.gone), None)

    def is_asked(self, seat: int) -> bool:
        """Whether a seat has turns at all."""
        return seat in self.seats and seat not in self._muted and seat not in self._left

    def follow(self, entry: Joined | Muted | Unmuted | Removed | ModelChanged | CalledOn | OrderSet) -> None:
        """Take what changes who speaks."""
        match entry:
            case Joined():
                self.seats.append(entry.seat)
            case Muted():
                self._mute(entry)
            case Unmuted():
                self._muted.pop(entry.seat, None)
            case Removed():
                self._left.add(entry.seat)
                self._pass_over(entry.seat)
            case ModelChanged():
                self._give_another_chance({entry.seat})
            case CalledOn():
                self._call(entry)
            case OrderSet():
                self.order = entry.order
                self.called.clear()

    def address(self, seat: int | None) -> None:
        """Let whom words are spoken to speak next, once a round; who would be next anyhow keeps that for later."""
        is_next_anyhow = not self.called and seat == self.next_in_turn
        if seat is not None and not is_next_anyhow and seat not in {*self._addressed, *self.called}:
            self.called.append(seat)
            self._addressed.add(seat)

    def end_turn(self, seat: int) -> None:
        """Note that a seat has had its go."""
        self.gone.add(seat)
        if seat in self.called:
            self.called.remove(seat)
        self._begin_round_if_over()

    def ask_anew(self) -> None:
        """Let whoever is asked once more hear what it was called on for: two calls of one seat are one."""
        self.called = list(dict.fromkeys(self.called))

    def give_another_chance(self) -> None:
        """Let whom the house has muted speak again; whom a person muted stays so."""
        self._give_another_chance(set(self._by_house))

    def _give_another_chance(self, seats: set[int]) -> None:
        for seat in seats & self._by_house:
            self._muted.pop(seat, None)

    def _mute(self, entry: Muted) -> None:
        begins_later = entry.seat in self.gone
        self._muted[entry.seat] = None if entry.rounds is None else entry.rounds + begins_later
        if entry.by_name:
            self._by_house.discard(entry.seat)
        else:
            self._by_house.add(entry.seat)
        self._pass_over(entry.seat)

    def _pass_over(self, seat: int) -> None:
        self.called = [other for other in self.called if other != seat]
        self._begin_round_if_over()

    def _call(self, entry: CalledOn) -> None:
        others = [seat for seat in self.called if seat != entry.seat]
        if entry.first:
            self.called = [entry.seat, *others]
        elif entry.again:
            self.called = [entry.seat, *others, entry.seat]
        elif entry.seat not in self.called:
            self.called.append(entry.seat)

    def _begin_round_if_over(self) -> None:
        if not self.gone or self.next_in_turn is not None:
            return
        self.gone.clear()
        self._addressed.clear()
        self.round += 1
        for seat, rounds in tuple(self._muted.items()):
            if rounds is None:
                continue
            if rounds > 1:
                self._muted[seat] = rounds - 1
            else:
                del self._muted[seat]
