/*
 * A claim is given back when its holder leaves the case, unless something was written or chosen there (D4).
 *
 * data-release="/…"       the form that gives the case of this page back, sent by itself on leaving; and where it is
 *                         claimed again
 *
 * Leaving is: this was the last open page of the case in this browser, and it is neither reloaded nor sends a form nor
 * goes to another part of the case. Whoever comes back by the back button, or reloads in a browser that tells us of no
 * reload, takes the case again.
 */
(() => {
  "use strict";

  const KEEP = 10 * 60_000; // as long as a claim lasts without an open page
  const place = location.pathname;
  const mine = `ombud.open.${place}`;
  const left = `ombud.left.${place}`;
  const self = String(Math.random());
  let staying = false;

  const form = () => document.querySelector("form[data-release]");

  // Pages of the same case in this browser, each with the time at which it last said that it is open.
  const pages = () => {
    try {
      const known = JSON.parse(localStorage.getItem(mine) ?? "{}");
      return Object.fromEntries(Object.entries(known).filter(([, at]) => Date.now() - at < KEEP));
    } catch {
      return {};
    }
  };
  const keep = (known) => {
    try {
      if (Object.keys(known).length) localStorage.setItem(mine, JSON.stringify(known));
      else localStorage.removeItem(mine);
    } catch {
      // storage may be switched off: then every page counts as the last
    }
  };
  const here = () => keep({ ...pages(), [self]: Date.now() });

  const changed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const first = [...field.options].findIndex((one) => one.defaultSelected);
      return field.selectedIndex !== Math.max(first, 0);
    }
    return field.type !== "hidden" && field.value !== field.defaultValue;
  };
  const worked = () =>
    [...document.querySelectorAll("main form[method=post]")].some((one) =>
      [...one.elements].some((field) => field.matches("input, select, textarea") && changed(field)),
    );

  const remember = (value) => {
    try {
      if (value) sessionStorage.setItem(left, value);
      else sessionStorage.removeItem(left);
    } catch {
      // then coming back shows the case as free
    }
  };

  addEventListener("pagehide", () => {
    const others = pages();
    delete others[self];
    keep(others);
    const sent = form();
    if (!sent || staying || Object.keys(others).length || worked()) return;
    const values = new URLSearchParams(new FormData(sent));
    values.set("leaving", "yes");
    if (navigator.sendBeacon(sent.action, values)) remember(String(Date.now()));
  });

  const leftAt = () => {
    try {
      return Number(sessionStorage.getItem(left));
    } catch {
      return 0;
    }
  };

  const takeAgain = async () => {
    const at = leftAt();
    remember("");
    if (!at || Date.now() - at > KEEP || !form()) return;
    // What was sent on leaving may still be on its way when a page is reloaded.
    await new Promise((done) => setTimeout(done, 400));
    const values = new URLSearchParams(new FormData(form()));
    try {
      const answer = await fetch(form().dataset.release, { method: "POST", body: values });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.querySelector("form[data-release]")) return;
    } catch {
      return; // who has it is asked again soon
    }
    staying = true;
    location.reload(); // somebody else was faster: the page says who
  };

  // A reload and a link within the case are no leaving; where the browser tells.
  window.navigation?.addEventListener("navigate", (event) => {
    if (event.hashChange) return;
    staying = event.navigationType === "reload" || new URL(event.destination.url).pathname.startsWith(place);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method === "post") staying = true;
  });
  addEventListener("pageshow", () => {
    staying = false;
    here();
    takeAgain();
  });
  setInterval(here, KEEP / 3);
})();
