"""What can be measured of how a page looks: what axe finds, and what it does not look at."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Frame, Page

from tests.support.browser import DESK, OF_THE_LOOK, accessibility_faults

PHONES = (320, 390)


def too_wide(frame: Frame) -> list[str]:
    """What must be scrolled sideways to be read: the page, or a part that scrolls by itself."""
    found: list[str] = frame.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('main, aside, [id]')]
            .filter(box => box.clientWidth && box.scrollWidth > box.clientWidth + 1)
            .filter(box => box === document.documentElement
                || ['auto', 'scroll'].includes(getComputedStyle(box).overflowX))
            .map(box => `${location.pathname} ${box.tagName}#${box.id}:`
                + ` ${box.scrollWidth} px in ${box.clientWidth}`)"""
    )
    return found


def pale_placeholders(frame: Frame) -> list[str]:
    """Fields whose placeholder is hard to read (below 4.5 to 1), which axe does not look at."""
    found: list[str] = frame.evaluate(
        """() => {
          const parts = color => color.match(/[\\d.]+/g).map(Number);
          const light = color => parts(color).slice(0, 3)
            .map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
          const ground = box => {
            const color = getComputedStyle(box).backgroundColor;
            return parts(color)[3] === 0 && box.parentElement ? ground(box.parentElement) : color;
          };
          return [...document.querySelectorAll('[placeholder]')]
            .filter(field => field.checkVisibility())
            .map(field => {
              const ink = light(getComputedStyle(field, '::placeholder').color);
              const [low, high] = [ink, light(ground(field))].sort((a, b) => a - b);
              return [field.id, (high + 0.05) / (low + 0.05)];
            })
            .filter(([, contrast]) => contrast < 4.5)
            .map(([id, contrast]) => `placeholder of #${id}: ${contrast.toFixed(1)} to 1`);
        }"""
    )
    return found


def small_targets(frame: Frame) -> list[str]:
    """What a finger can hardly hit: less than 44 px high or wide. Links in a text may be lower."""
    found: list[str] = frame.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, textarea')]
            .filter(one => one.checkVisibility({ visibilityProperty: true }))
            .filter(one => !one.closest('.hd-skip, .hd-body') && one.type !== 'hidden')
            .map(one => one.closest('label:has(input)') ?? one)
            .map(one => [one, one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
            .map(([one, box]) => `${one.tagName}#${one.id} ${one.innerText.slice(0, 30)}:`
                + ` ${box.width.toFixed()}x${box.height.toFixed()}`)"""
    )
    return found


class Inspection:
    """Looks at a page in one state after the other and remembers what is wrong."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def look(self, page: Page, state: str) -> None:
        """Look at the page as it is now: as it stands in light, and on two phones in dark."""
        before = page.viewport_size or DESK
        self._judge(page, state)
        page.emulate_media(color_scheme="dark")
        for width in PHONES:
            page.set_viewport_size({"width": width, "height": 800})
            self.faults += [f"{state}, {width} px: {line}" for line in too_wide(page.main_frame)]
        self._judge(page, f"{state}, phone, dark", rules=OF_THE_LOOK)
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")

    def _judge(self, page: Page, state: str, *, rules: Sequence[str] = ()) -> None:
        found = [*accessibility_faults(page, rules=rules), *pale_placeholders(page.main_frame)]
        self.faults += [f"{state}: {fault}" for fault in found]
