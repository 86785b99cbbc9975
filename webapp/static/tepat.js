// With JavaScript, pages change without a reload (htmx), and the browser's own Back and Reload find every page of the
// interview again: its sealed answers are remembered in the history of this tab, nowhere else. Everything works without.
(() => {
  const CLEARED = "cleared";
  const FROM_HISTORY = { "From-History": "yes" };
  const form = () => document.getElementById("answers");
  const sealed = () => form()?.elements.sealed?.value;

  // Beside the sealed answers only ids of services and papers: nothing that anybody typed.
  const chosen = (name) => new FormData(form()).getAll(name);
  const remember = (how) => {
    if (!sealed()) return;
    const state = { to: form().action, sealed: sealed(), service: chosen("service"), have: chosen("have"), at: Date.now() };
    history[how](state, "");
  };

  const show = (state) => {
    if (state.at < Number(sessionStorage.getItem(CLEARED) ?? 0)) {
      history.replaceState(null, "");
      return location.replace("/mulai");
    }
    const { sealed, service, have } = state;
    const values = { sealed, service, have, lang: document.documentElement.lang, do: "show" };
    htmx.ajax("POST", state.to, { target: document.body, swap: "innerHTML show:window:top", values, headers: FROM_HISTORY });
  };

  addEventListener("popstate", (event) => {
    event.stopImmediatePropagation();
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
    // Whoever listens to the page hears at once what is new on it.
    const first = document.querySelector(".summary") ?? document.querySelector("h1");
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  };

  // Each answer tells whether the history asked for it: another may have been asked for before it was there.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.requestConfig.headers["From-History"]) remember("pushState");
    arrived();
  });

  // htmx overlooks a button that stands outside of its form, and where a button sends the form to.
  document.addEventListener("htmx:configRequest", (event) => {
    const button = event.detail.triggeringEvent?.submitter;
    if (button?.name) event.detail.parameters[button.name] = button.value;
    if (button?.hasAttribute("formaction")) event.detail.path = button.formAction;
  });

  // A file to keep is no page to show.
  document.addEventListener("submit", (event) => {
    if (event.submitter?.dataset.plain !== undefined) event.stopPropagation();
  }, true);

  // A link within the page makes no history of its own: Back leads to the page before, and nothing typed is lost.
  // A link to the address that this page has is about that page, not about the answers that are remembered here.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    if (!link.hash && link.href === location.href.split("#")[0]) history.replaceState(null, "");
    const target = link.getAttribute("href").startsWith("#") && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView();
    target.focus();
    if (document.activeElement === target) return;
    target.tabIndex = -1;
    target.focus();
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
    if (history.state?.sealed && history.state.sealed !== sealed()) return show(history.state);
    remember("replaceState");
    arrived();
  });
})();
