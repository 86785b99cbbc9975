// With JavaScript, pages change without a reload (htmx), and the browser's own Back and Reload find every page of the
// interview again: its sealed answers are remembered in the history of this tab, nowhere else. Everything works without.
(() => {
  const CLEARED = "cleared";
  const form = () => document.getElementById("answers");
  const sealed = () => form()?.elements.sealed?.value;

  const remember = (how) => {
    if (sealed()) history[how]({ to: form().action, sealed: sealed(), at: Date.now() }, "");
  };

  const show = (state) => {
    if (state.at < Number(sessionStorage.getItem(CLEARED) ?? 0)) {
      history.replaceState(null, "");
      return location.replace("/mulai");
    }
    const values = { sealed: state.sealed, lang: document.documentElement.lang, do: "show" };
    htmx.ajax("POST", state.to, { target: document.body, swap: "innerHTML show:window:top", values });
  };

  let goingBack = false;
  addEventListener("popstate", (event) => {
    event.stopImmediatePropagation();
    goingBack = true;
    if (event.state?.sealed) show(event.state);
    else location.reload();
  }, true);

  const arrived = () => {
    const cleared = document.querySelector("[data-cleared]");
    if (cleared) {
      sessionStorage.setItem(CLEARED, String(Date.now()));
      history.replaceState(null, "");
    }
    document.documentElement.lang = document.querySelector("main").dataset.lang;
    (document.querySelector(".summary") ?? document.querySelector("h1"))?.focus({ preventScroll: true });
  };

  document.addEventListener("htmx:afterSettle", () => {
    if (!goingBack) remember("pushState");
    goingBack = false;
    arrived();
  });

  // htmx overlooks a button that stands outside of its form, and where a button sends the form to.
  document.addEventListener("htmx:configRequest", (event) => {
    const button = event.detail.triggeringEvent?.submitter;
    if (button?.name) event.detail.parameters[button.name] = button.value;
    if (button?.hasAttribute("formaction")) event.detail.path = button.formAction;
  });

  document.addEventListener("click", (event) => {
    const exit = event.target.closest?.("a.exit");
    if (!exit) return;
    event.preventDefault();
    sessionStorage.setItem(CLEARED, String(Date.now()));
    document.body.replaceChildren();
    location.replace(exit.href);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (history.state?.sealed && history.state.sealed !== sealed()) {
      goingBack = true;
      return show(history.state);
    }
    remember("replaceState");
    arrived();
  });
})();
