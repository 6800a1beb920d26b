"""Somebody in front of a browser, and what is noted of every page they meet."""

import re
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qs

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, Route, expect

from tests.browser import LAPTOP, NARROW, barriers, fits
from tests.conftest import PASSWORD

from .hands import Hands, Keyboard, Mouse

Manner = Literal["mouse", "keyboard", "no scripts"]
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
REFUSED = "Failed to load resource"  # Chromium says so of each answer of 400 or more; answers are noted by themselves
VARYING = re.compile(r"[0-9a-f-]{36}|[A-Za-z0-9]{64}|[0-9A-F]{6}|\d+")  # ids, proofs of origin, references, numbers
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)


class Person:
    """One person with a browser of their own; every page they meet is looked at as it stands."""

    # states of pages axe has passed; the same state is not asked of it again
    barrier_free: ClassVar[set[str]] = set()

    def __init__(self, browser: Browser, site: str, manner: Manner = "mouse") -> None:
        self.site, self.has_scripts = site, manner != "no scripts"
        settings: dict[str, Any] = {"viewport": LAPTOP, "timezone_id": "Europe/London", "base_url": site}
        self._contexts = [browser.new_context(**settings, java_script_enabled=self.has_scripts)]
        self._contexts[0].set_default_timeout(PATIENCE)
        self.page = self._contexts[0].new_page()
        self.hands: Hands = Keyboard(self.page) if manner == "keyboard" else Mouse(self.page)
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        self.refusals: list[int] = []
        self._listen()
        self._mirror = self.page if self.has_scripts else self._second_page(browser, settings)

    def _listen(self) -> None:
        self.page.on("request", lambda request: self.addresses.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note_complaint)
        self.page.on("response", self._note_refusal)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if REFUSED not in message.text:
            self.complaints.append(message.text)

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400:
            self.refusals.append(response.status)

    def _second_page(self, browser: Browser, settings: dict[str, Any]) -> Page:
        """Where axe, itself a script, may run over the page of somebody whose browser runs none."""
        self._contexts.append(browser.new_context(**settings))
        return self._contexts[-1].new_page()

    # Going somewhere

    def opens(self, address: str) -> None:
        """Type an address of this service."""
        self.page.goto(address)
        self.looks()

    def signs_in(self, username: str, password: str = PASSWORD) -> None:
        """Fill in the sign-in page that stands open, or the one at its address."""
        if "/accounts/login/" not in self.page.url:
            self.opens("/accounts/login/")
        self.writes("Work e-mail address", username)
        self.writes("Password", password)
        self.presses("button", "Sign in")

    def follows(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press a link."""
        self.presses("link", name, within)

    def presses(self, role: Any, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press a link or a button that leads to another page."""
        with self.page.expect_navigation():
            self.hands.press(self.find(role, name, within))
        self.looks()

    def presses_twice(self, name: str, leads_to: str) -> None:
        """Press a button as quickly as an impatient person does."""
        self.hands.press_twice(self.find("button", name))
        expect(self.page).to_have_url(re.compile(leads_to))
        self.page.wait_for_load_state()
        self.looks()

    def downloads(self, name: str) -> str:
        """Follow a link to a file; what the file says."""
        with self.page.expect_download() as waiting:
            self.hands.press(self.find("link", name))
        return Path(waiting.value.path()).read_text(encoding="utf-8-sig")

    # Filling in

    def writes(self, question: str, words: str, within: Locator | None = None) -> None:
        """Words in the box of this question."""
        box = (within or self.main).get_by_label(question, exact=True)
        self.hands.write(box, words)

    def writes_day(self, question: str, day: date, within: Locator | None = None) -> None:
        """A day in the three boxes of this question."""
        boxes = (within or self.main).get_by_role("group", name=question, exact=True)
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.hands.write(boxes.get_by_label(label, exact=True), str(number))

    def chooses(self, answer: str) -> None:
        """One of several answers, by how its label begins."""
        found = self.main.get_by_label(re.compile(f"^{re.escape(answer)}"))
        self.hands.choose(found)

    def writes_until_saved(self, question: str, words: str) -> None:
        """Words in a box: the page has sent all of them by itself, and the service said when it had them."""

        def has_them_all(answer: Response) -> bool:
            typed = parse_qs(answer.request.post_data or "").values()
            return answer.url.endswith("/draft/") and [words] in typed

        with self.page.expect_response(has_them_all) as waiting:
            self.writes(question, words)
        assert waiting.value.status == 200
        expect(self.page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))

    # Reading

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.get_by_role("main")

    def find(self, role: Any, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The one thing of this role and name, in the page or, failing that, in its frame."""
        found = (within or self.main).get_by_role(role, name=name, exact=isinstance(name, str))
        return found if within or found.count() else self.page.get_by_role(role, name=name, exact=True)

    def reads(self, *words: str) -> None:
        """These words stand on the page."""
        for said in words:
            expect(self.main).to_contain_text(said)

    def does_not_read(self, *words: str) -> None:
        """These words stand nowhere on the page."""
        for said in words:
            expect(self.main).not_to_contain_text(said)

    # What every page is held to

    def looks(self) -> None:
        """Hold the page as it stands to what every page promises: no barrier, no sideways scrolling, nothing kept."""
        where = f"{self.page.title()} at {self.page.url}"
        state = VARYING.sub("", self.page.content())
        if state not in self.barrier_free:
            assert barriers(self._as_read()) == [], where
            self.barrier_free.add(state)
        self.page.set_viewport_size(NARROW)
        assert fits(self.page), f"{where} has to be scrolled sideways at 320 pixels"
        self.page.set_viewport_size(LAPTOP)
        assert self.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0], where

    def _as_read(self) -> Page:
        """The page axe looks at: this one, or its copy without scripts where this browser runs none."""
        if self.has_scripts:
            return self.page
        markup = SCRIPTS.sub("", self.page.content())

        def answer(route: Route) -> None:
            route.fulfill(body=markup, content_type="text/html; charset=utf-8")

        self._mirror.route(self.page.url, answer)
        self._mirror.goto(self.page.url)
        self._mirror.unroute(self.page.url)
        return self._mirror

    def leaves(self, names: list[str], expected: list[int]) -> None:
        """Close the browser; what it noted must be beyond reproach."""
        for context in self._contexts:
            context.close()
        refused = [status for status in self.refusals if status not in expected]
        elsewhere = [address for address in self.addresses if not address.startswith(f"{self.site}/")]
        words = {name.lower() for name in names}
        telling = [address for address in self.addresses if words & set(re.split(r"[^a-z]+", address.lower()))]
        noted = {"complaints": self.complaints, "refused": refused, "elsewhere": elsewhere, "telling": telling}
        assert not any(noted.values()), noted
