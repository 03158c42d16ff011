"""Screenshots: the photograph inside an app's or a browser's window."""

from __future__ import annotations

from PIL import Image, ImageDraw

from draw import Draw, buttons, canvas, filled, pasted, scaled, status_bar, within, written


def gallery(picture: Image.Image, draw: Draw) -> Image.Image:
    """The phone's own gallery: the photograph as wide as the screen, bars above and below."""
    width, height = draw.phone()
    ground, ink = draw.theme()
    screen, bar = canvas(width, height, ground), draw.share(height, 0.03, 0.045)
    status_bar(screen, draw, bar, ink)
    written(screen, (width / 2, bar * 2), draw.words(1, 2), bar * 0.55, ink, anchor="mm")
    shown = within(picture, width, height - bar * 7)
    pasted(screen, shown, (width - shown.width) // 2, (height - shown.height) // 2 + draw.dice.randint(-bar, bar))
    buttons(screen, draw, height - bar * 2, bar * 2, ink, draw.dice.randint(4, 5))
    return screen


def feed(picture: Image.Image, draw: Draw) -> Image.Image:
    """A post in a feed: name above, icons and a caption below, the next post cut off."""
    width, height = draw.phone()
    ground, ink = draw.theme()
    screen, bar = canvas(width, height, ground), draw.share(height, 0.035, 0.05)
    status_bar(screen, draw, bar, ink)
    pen, top = ImageDraw.Draw(screen), int(bar * draw.between(2.2, 4))
    pen.ellipse((bar // 2, top - int(bar * 1.2), int(bar * 1.5), top - int(bar * 0.2)), fill=draw.colour(60, 220))
    written(screen, (bar * 1.8, top - bar * 0.7), draw.words(1, 3), bar * 0.45, ink)
    margin = draw.dice.choice((0, 0, width // 40))
    shown = within(picture, width - 2 * margin, height - top - bar * 5)
    pasted(screen, shown, (width - shown.width) // 2, top)
    below = top + shown.height
    buttons(screen, draw, below, bar, ink, 6)
    for line in range(draw.dice.randint(1, 4)):
        written(screen, (bar * 0.5, below + bar * (1.4 + 0.6 * line)), draw.words(4, 8), bar * 0.42, ink)
    if below + bar * 6 < height:
        next_top = below + int(bar * 5)
        pasted(screen, draw.other(width, max(bar, height - next_top - bar * 2)), 0, next_top)
    pen.rectangle((0, height - int(bar * 1.6), width, height), fill=ground)
    buttons(screen, draw, height - int(bar * 1.6), int(bar * 1.6), ink, 5)
    return screen


def _chat(picture: Image.Image, draw: Draw, *, dark: bool) -> Image.Image:
    width, height = draw.phone()
    ground, ink = (draw.colour(8, 34), draw.colour(210, 250)) if dark else (draw.colour(215, 245), draw.colour(0, 40))
    screen, bar = canvas(width, height, ground), draw.share(height, 0.03, 0.045)
    pen = ImageDraw.Draw(screen)
    shade = tuple(min(255, part + 22) if dark else part - 18 for part in ground)
    pen.rectangle((0, 0, width, bar * 3), fill=shade)
    status_bar(screen, draw, bar, ink)
    written(screen, (bar * 2.4, bar * 2), draw.words(1, 2), bar * 0.6, ink)
    y = bar * 3 + bar // 2
    bubbles = draw.dice.randint(1, 3)
    for at in range(bubbles + 1):
        mine = draw.dice.random() < 0.5
        if at == bubbles // 2:
            shown = within(picture, int(width * draw.between(0.55, 0.8)), int(height * 0.5))
            x = width - shown.width - bar // 2 if mine else bar // 2
            pad = draw.dice.choice((0, 8, 12))
            pen.rounded_rectangle(
                (x - pad, y - pad, x + shown.width + pad, y + shown.height + pad), bar // 2, fill=shade
            )
            pasted(screen, shown, x, y, draw.dice.randint(bar // 5, bar // 2))
            y += shown.height + bar
            continue
        text = draw.words(2, 6)
        long = int(len(text) * bar * 0.3) + bar
        x = width - long - bar // 2 if mine else bar // 2
        pen.rounded_rectangle((x, y, x + long, y + int(bar * 1.3)), bar // 2, fill=(30, 110, 90) if mine else shade)
        written(screen, (x + bar / 2, y + bar * 0.65), text, bar * 0.5, ink)
        y += int(bar * 1.8)
    pen.rounded_rectangle((bar, height - bar * 2, width - bar * 2, height - bar // 2), bar // 2, fill=shade)
    return screen


def chat_dark(picture: Image.Image, draw: Draw) -> Image.Image:
    return _chat(picture, draw, dark=True)


def chat_light(picture: Image.Image, draw: Draw) -> Image.Image:
    return _chat(picture, draw, dark=False)


def story(picture: Image.Image, draw: Draw) -> Image.Image:
    """A story seen full screen: the photograph on a plain ground between progress bar and answer field."""
    width, height = draw.phone()
    screen = canvas(width, height, draw.colour(0, 90))
    bar = draw.share(height, 0.03, 0.045)
    shown = within(picture, width, height - bar * 6)
    pasted(screen, shown, (width - shown.width) // 2, (height - shown.height) // 2)
    pen = ImageDraw.Draw(screen)
    pen.rectangle((bar // 2, bar // 3, width - bar // 2, bar // 3 + 5), fill=(200, 200, 200))
    written(screen, (bar * 2, bar * 1.2), draw.words(1, 2), bar * 0.5, (255, 255, 255))
    pen.rounded_rectangle(
        (bar, height - bar * 2, width - bar * 3, height - bar // 2), bar // 2, outline=(220, 220, 220), width=3
    )
    return screen


def desktop(picture: Image.Image, draw: Draw) -> Image.Image:
    """A browser's window on a desktop, with text beside the photograph."""
    width, height = draw.dice.choice(((1920, 1080), (1440, 900), (1366, 768), (2560, 1440)))
    screen = draw.other(width, height) if draw.dice.random() < 0.4 else canvas(width, height, draw.colour(30, 160))
    pen = ImageDraw.Draw(screen)
    left, top = draw.share(width, 0.0, 0.1), draw.share(height, 0.0, 0.08)
    right, bottom = width - draw.share(width, 0.0, 0.1), height - draw.share(height, 0.05, 0.1)
    ground, ink = draw.theme()
    pen.rectangle((left, top, right, bottom), fill=ground)
    bar = height // 22
    pen.rectangle((left, top, right, top + bar), fill=draw.colour(60, 200))
    for at, colour in enumerate(((237, 106, 94), (245, 191, 79), (98, 197, 84))):
        pen.ellipse(
            (left + 12 + at * bar // 2, top + bar // 3, left + 12 + at * bar // 2 + bar // 3, top + 2 * bar // 3),
            fill=colour,
        )
    shown = within(picture, int((right - left) * draw.between(0.5, 0.75)), bottom - top - bar * 3)
    x = left + draw.dice.randint(bar, max(bar, right - left - shown.width - bar))
    pasted(screen, shown, x, top + bar * 2)
    free = x + shown.width + bar
    for line in range(12):
        if free + bar * 5 < right:
            written(screen, (free, top + bar * (2.5 + line)), draw.words(1, 4), bar * 0.45, ink)
    return screen


def grid_open(picture: Image.Image, draw: Draw) -> Image.Image:
    """A site's page on a tablet: the photograph above, a row of small others below."""
    width, height = draw.dice.choice(((1536, 2048), (1620, 2160), (2048, 1536)))
    ground, ink = draw.theme()
    screen, bar = canvas(width, height, ground), height // 30
    status_bar(screen, draw, bar, ink)
    shown = within(picture, width - bar * 2, int(height * 0.62))
    pasted(screen, shown, (width - shown.width) // 2, bar * 3)
    side, gap = width // 5, width // 60
    for at in range(4):
        pasted(screen, draw.other(side, side), gap + at * (side + gap), bar * 4 + shown.height)
    return scaled(screen, 0.6)


def cropped_screen(picture: Image.Image, draw: Draw) -> Image.Image:
    """A screenshot whose owner cut most of the bars off, not all."""
    shown = filled(picture, *within(picture, 1080, 1400).size)
    above, below = draw.share(shown.height, 0.04, 0.12), draw.share(shown.height, 0.0, 0.12)
    ground, ink = draw.theme()
    screen = canvas(shown.width, shown.height + above + below, ground)
    pasted(screen, shown, 0, above)
    written(screen, (above, above / 2), draw.words(1, 4), above * 0.5, ink)
    written(screen, (10, above + shown.height + below / 2), draw.words(2, 6), below * 0.4, ink)
    return screen


ATTACKS = {
    made.__name__: made for made in (gallery, feed, chat_dark, chat_light, story, desktop, grid_open, cropped_screen)
}
