"""Two ways to use a page: with a mouse, and by keyboard alone with the focus always to be seen."""

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 400  # keys; more would be a page nobody can use by keyboard
SHOWS_FOCUS = """(element) => {
  const shown = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none';
  const label = element.labels && element.labels[0];
  return shown(getComputedStyle(element)) || shown(getComputedStyle(element, '::before'))
    || (['radio', 'checkbox'].includes(element.type) && shown(getComputedStyle(label, '::before')));
}"""
HAS_FOCUS = "(element) => element === document.activeElement"
IN_SAME_GROUP = "(element) => document.activeElement.type === 'radio' && document.activeElement.name === element.name"


class Hands(Protocol):
    """How somebody works a page."""

    def press(self, target: Locator) -> None:
        """A link or a button, once."""

    def press_twice(self, target: Locator) -> None:
        """As quickly as an impatient person does."""

    def write(self, target: Locator, words: str) -> None:
        """These words in a box, in place of what was there."""

    def choose(self, target: Locator) -> None:
        """One of several answers, or a tick."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def press_twice(self, target: Locator) -> None:
        target.dblclick()

    def write(self, target: Locator, words: str) -> None:
        target.fill("")
        target.press_sequentially(words)

    def choose(self, target: Locator) -> None:
        target.check()


class Keyboard:
    """Tab, arrows, Enter and Space, past the menu by the link that skips it; never a click."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def press_twice(self, target: Locator) -> None:
        self.reach(target)
        for _ in range(2):
            self.page.keyboard.press("Enter", delay=5)

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(words)

    def choose(self, target: Locator) -> None:
        if target.get_attribute("type") == "radio":
            self._reach_group(target)
        else:
            self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus; it must be seen to have it."""
        for _ in range(MOST_TABS):
            if target.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("Tab")
        assert target.evaluate(HAS_FOCUS), f"the keyboard does not reach {target}"
        assert target.evaluate(SHOWS_FOCUS), f"the focus cannot be seen on {target}"

    def _reach_group(self, target: Locator) -> None:
        for _ in range(MOST_TABS):
            if target.evaluate(IN_SAME_GROUP):
                break
            self.page.keyboard.press("Tab")
        for _ in range(20):
            if target.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowDown")
        self.reach(target)
