"""A room for people to read, as a page of its own: nothing is loaded, nothing runs, every word is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from string import Template

from bot.documents.marks import inline, shown
from bot.documents.reading import Reading, Said, Told
from bot.room.kept import KeptRoom
from bot.words import language_of, t

_PAGE = Template("""\
<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>
:root { color-scheme: dark; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; background: #16171b; color: #dcdde1;
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2 { line-height: 1.25; color: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.about { color: #9a9ca5; }
article { margin: 1.25rem 0; padding: .1rem 0 .1rem .9rem; border-left: 3px solid #7d8590; }
header b { color: #c9ccd3; } header span, footer, .told { color: #9a9ca5; font-size: .875rem; }
.told { margin: .75rem 0; padding-left: 1.1rem; }
p { margin: .35rem 0; white-space: pre-wrap; unicode-bidi: plaintext; }
blockquote { margin: .35rem 0; padding-left: .75rem; border-left: 3px solid #3a3d45; }
code { padding: .1em .3em; background: #0e0f12; border-radius: 4px; font: .85em ui-monospace, Menlo, monospace; }
b, li, .told { unicode-bidi: isolate; }
pre { margin: .5rem 0; padding: .6rem; overflow-x: auto; background: #0e0f12; border-radius: 6px;
  font: .85rem/1.25 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: normal; }
.seat1 { border-color: #7cc4ff; } .seat1 b { color: #7cc4ff; }
.seat2 { border-color: #ffb86b; } .seat2 b { color: #ffb86b; }
.seat3 { border-color: #a5e075; } .seat3 b { color: #a5e075; }
.seat4 { border-color: #d7a1ff; } .seat4 b { color: #d7a1ff; }
.seat5 { border-color: #f0e06e; } .seat5 b { color: #f0e06e; }
.seat0 { border-color: #ff8fa3; } .seat0 b { color: #ff8fa3; }
</style>
</head>
<body>
$body
</body>
</html>
""")
_COLOURS = 5


def as_html(room: KeptRoom) -> str:
    """Return a room as a page that needs nothing else: names, moments, costs, reactions, what pictures show."""
    reading = Reading(room)
    language = language_of(reading.state.opened.locale if reading.state.opened else "")
    return _PAGE.substitute(language=language, title=escape(reading.title), body="\n".join(_parts(reading)))


def _parts(room: Reading) -> Iterator[str]:
    yield f"<h1>{escape(room.title)}</h1>"
    cost = t("Cost so far: ${usd:.4f}.", usd=room.state.cost_usd) if room.state.cost_usd else ""
    if about := " ".join(filter(None, (room.opening, cost))):
        yield f'<p class="about">{escape(about)}</p>'
    if room.state.seats:
        yield f"<ul>{''.join(f'<li>{escape(seat.label)}</li>' for seat in room.state.seats)}</ul>"
    for part in room.body():
        yield _said(part) if isinstance(part, Said) else _told(part)
    if loved := list(room.loved()):
        yield f"<h2>{escape(t('The most loved lines'))}</h2>"
        lines = (
            f"<li>{escape(f'{one.reactions} · {one.whose}: ')}{t('“{words}”', words=inline(one.words))}</li>"
            for one in loved
        )
        yield f"<ul>{''.join(lines)}</ul>"


def _said(said: Said) -> str:
    colour = said.seat and (said.seat - 1) % _COLOURS + 1
    beside = f" · {t('${cost:.4f}', cost=said.cost_usd)}" if said.cost_usd else ""
    return (
        f'<article class="seat{colour}">\n<header><b>{escape(said.who)}</b> <span>{escape(said.at + beside)}</span>'
        f"</header>\n{''.join(shown(said.words))}{_loved(said.reactions)}</article>"
    )


def _told(told: Told) -> str:
    return f'<div class="told">{"".join(shown(told.words))}{_loved(told.reactions)}</div>'


def _loved(reactions: str) -> str:
    return f"<footer>{escape(reactions)}</footer>" if reactions else ""
