"""Somebody at a real browser: reads the step on the page, fills in its fields by their names, and presses its buttons.

What to answer is known by `benchmarks.walker`, which reads pages as text; here are the hands.
"""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from benchmarks.walker import RESULT, Sent, Walked, Walker
from engine.household import Household
from engine.knowledge.model import Fact

CHECKLIST = "/surat"
_CARRIED = ("sealed", "lang", "do")
# All at once, for walks are long; what a key or a finger does is tried step by step elsewhere.
_FILL = """(main, fields) => {
  for (const [name, said] of Object.entries(fields)) {
    const controls = [...main.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (!controls.length) throw new Error(`no field ${name}`);
    for (const one of controls) {
      if (one.type === "checkbox" || one.type === "radio") {
        if (one.checked !== said.includes(one.value) && (one.type === "checkbox" || !one.checked)) one.click();
      } else one.value = said[0] ?? "";
    }
  }
}"""
_SUBMIT = """([to, fields]) => {
  const form = document.body.appendChild(document.createElement("form"));
  Object.assign(form, { method: "post", action: to });
  for (const [name, value] of Object.entries(fields)) {
    form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.submit();
}"""
_SWAP = "([to, fields]) => void htmx.ajax('POST', to, { target: document.body, swap: 'innerHTML', values: fields })"
_REMEMBERED = """() => new Promise((done) => {
  const sealed = () => document.querySelector("#answers [name=sealed]").value;
  const look = () => (history.state?.sealed === sealed() ? done() : requestAnimationFrame(look));
  look();
})"""


def hands_at(open_page: Callable[..., Page], address: str) -> Callable[..., "Hands"]:
    """Give what seats somebody new before a page of their own, with or without JavaScript."""
    return lambda scripts=False: Hands(open_page(scripts=scripts), address, scripts)


class Hands:
    """The hands of one person at one page of a browser."""

    def __init__(self, page: Page, address: str, scripts: bool = False) -> None:
        """Sit down; `scripts` says that the browser runs JavaScript."""
        self.page, self.address, self.scripts = page, address, scripts

    def begin(self, helping: bool = False) -> None:
        """Come from the first page to the first question."""
        self.page.goto(self.address)
        self.page.locator("main a.button").click()
        self.page.locator("main [name=helping]").set_checked(helping)
        self.press("start")

    def walk(self, household: Household, facts: Mapping[str, Fact]) -> Walked:
        """Answer every question as a household does, up to the page on which the answers are checked."""
        return Walker(household, facts).walk(self._send)

    def _send(self, _: str, sent: Sent) -> str:
        """Do with the page what is sent by whoever reads it as text."""
        if sent["do"] == ["start"]:
            self.begin()
        else:
            self.fill({name: said for name, said in sent.items() if name not in _CARRIED})
            self.press(sent["do"][0])
        return self.page.content()

    def arrive(self, path: str, **fields: str) -> None:
        """Stand at once on a page that only a form leads to: a new document, or with scripts one that was swapped in."""
        to = [self.address + path, fields]
        if not self.scripts:
            self.come_by(lambda: self.page.evaluate(_SUBMIT, to), remembered=False)
            return
        # By way of nowhere: a page that is gone to again from itself would show what it remembers.
        for place in ("about:blank", f"{self.address}/mulai"):
            self.page.goto(place)
        self.come_by(lambda: self.page.evaluate(_SWAP, to))

    def answer(self, do: str = "next", **fields: str | list[str]) -> None:
        """Fill in fields (`h__residence` is `h.residence`) and press a button."""
        self.fill({name.replace("__", "."): [said] if isinstance(said, str) else said for name, said in fields.items()})
        self.press(do)

    def fill(self, fields: Mapping[str, list[str]]) -> None:
        """Tick, choose or type what is said, in each field of that name."""
        self.page.locator("main").evaluate(_FILL, dict(fields))

    def press(self, do: str) -> None:
        """Press the button that says what to do, and wait for the next page."""
        self.come_by(lambda: self.page.locator(f'main button[name=do][value="{do}"]').first.click())

    def go_to(self, place: str) -> None:
        """Press the button that leads to another page: the result, the checklist, or where everything is cleared."""
        self.come_by(lambda: self.page.locator(f'main button[formaction="{place}"]').first.click())

    def come_by(self, act: Callable[[], object], remembered: bool = True) -> None:
        """Act, and wait until another page is there; with scripts until the history remembers it, if it is to do so."""
        self.page.evaluate("document.querySelector('main')?.setAttribute('data-left', '')")
        act()
        self.page.locator("main:not([data-left])").wait_for()
        self.page.wait_for_load_state()
        if self.scripts and remembered and self.page.locator("#answers [name=sealed]").count():
            self.page.evaluate(_REMEMBERED)

    @property
    def heading(self) -> str:
        return self.page.locator("main h1").inner_text()

    @property
    def sealed(self) -> str:
        return self.page.locator("#answers [name=sealed]").input_value()

    def to_result(self) -> None:
        self.go_to(RESULT)

    def to_checklist(self) -> None:
        self.go_to(CHECKLIST)
