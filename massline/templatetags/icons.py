"""Our few icons, drawn on a 24 x 24 grid with one stroke width. Inline, so that they take the colour of the text."""

STROKES = {
    "pen": '<path d="M4 20h4L19 9l-4-4L4 16z"/><path d="m13 7 4 4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "go": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "type": '<path d="M3 19 8.5 5 14 19M5 14.5h7M15.5 19l3-8 3 8M16.5 16.5h4"/>',
    "language": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18"/>',
    "error": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.5v.2"/>',
    "ok": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.8 2.8L16.5 9.5"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "copy": '<path d="M9 9h11v11H9zM5 15H4V4h11v1"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "inbox": '<path d="M4 13 6.5 5h11L20 13v6H4zM4 13h5l1 2.5h4l1-2.5h5"/>',
    "list": '<path d="M8 6h12M8 12h12M8 18h12M4 6h.2M4 12h.2M4 18h.2"/>',
    "chart": '<path d="M4 20h16M7 16v-5M12 16V5M17 16V9"/>',
    "sheet": '<path d="M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9"/>',
    "home": '<path d="M4 11 12 4l8 7v9h-5.5v-6h-5v6H4z"/>',
    "flag": '<path d="M6 21V4M6 5h12l-2.5 4L18 13H6"/>',
    "today": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3v5M15.5 3v5M9 15l2 2 4-4"/>',
    "climb": '<path d="M4 19h5v-5h5V9h5M15 5h5v5"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4"/>',
    "send": '<path d="M4 6h16v12H4zM4 7l8 6 8-6"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4.5 4-6 7.5-6s6.5 1.5 7.5 6"/>',
    "leave": '<path d="M14 4H5v16h9M10 12h11M17 8l4 4-4 4"/>',
    "eye": '<path d="M2.5 12C5 7.5 8.5 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-6 6.5-9.5 6.5S5 16.5 2.5 12z"/>'
    '<circle cx="12" cy="12" r="2.8"/>',
    "lock": '<path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "scale": '<path d="M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
}

# Traffic light: the shape says it before the colour does.
SHAPES = {
    "green": '<circle cx="6" cy="6" r="5.5"/>',
    "yellow": '<path d="M6 .5 12 11.5H0z"/>',
    "red": '<path d="M.5.5h11v11H.5z"/>',
    "none": '<path d="M0 5h12v2H0z"/>',
}
