/*
 * What pages of the team hear by themselves (D4). No row moves: news gather behind a line, only who has a case is put
 * in its place.
 *
 * data-live="/events"     the state word of the line; data-live-up, -lost and -down are what it says
 *   data-live-case        the page of a case: its id, and in data-live-version its version
 * .news                   htmx brings it when it is sent "check": what is new in the list, what happened to the case
 * data-holders="/…"       the list of cases: where to ask who has them; in its rows [data-with] shows that
 * data-claim-state="/…"   who has the case of this page; asked again when something happened
 *
 * Without a line we look every 15 seconds, with one every minute; in a hidden tab never.
 */
(() => {
  "use strict";

  const word = document.querySelector("[data-live]");
  if (!word) return;

  const WITHOUT_LINE = 15_000;
  const WITH_LINE = 60_000;
  const SILENCE = 40_000; // the server says something every 15 seconds
  const BURST = 1_500; // within this time we look once
  let source = null;
  let up = false;
  let wasUp = false;
  let heardAt = 0;
  let pause = 0;
  let retry = 0;
  let next = 0;
  let due = 0;
  let soon = 0;
  let lookedAt = 0;

  const show = (state) => {
    const words = word.dataset[{ up: "liveUp", lost: "liveLost", down: "liveDown" }[state]];
    if (word.dataset.state === state) return;
    // Only changes are read aloud, not what every page begins with.
    if (word.dataset.state) word.setAttribute("role", "status");
    word.dataset.state = state;
    word.textContent = words;
    word.hidden = false;
  };

  // Looking --------------------------------------------------------------------------------------------------------

  const fetched = async (address) => {
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      return answer.ok && !answer.redirected ? await answer.text() : "";
    } catch {
      return ""; // we look again soon
    }
  };

  const holders = async () => {
    const list = document.querySelector("[data-holders]");
    const rows = [...document.querySelectorAll("[data-with]")].filter((cell) => cell.getClientRects().length);
    if (!list || !rows.length) return;
    const query = new URLSearchParams(rows.map((cell) => ["case", cell.dataset.with]));
    const page = new DOMParser().parseFromString(await fetched(`${list.dataset.holders}?${query}`), "text/html");
    page.querySelectorAll("[data-of]").forEach((fresh) => {
      const cell = document.querySelector(`[data-with="${fresh.dataset.of}"]`);
      if (cell && cell.textContent.trim() !== fresh.textContent.trim()) cell.replaceChildren(...fresh.childNodes);
    });
  };

  const claim = async () => {
    const shown = document.querySelector("[data-claim-state]");
    if (!shown) return;
    const html = await fetched(shown.dataset.claimState);
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("claim");
    // Where nothing changed nothing is swapped: somebody may be on the button.
    if (!fresh || fresh.textContent.trim() === shown.textContent.trim()) return;
    const focused = shown.contains(document.activeElement);
    window.htmx.swap(shown, html, { swapStyle: "outerHTML" });
    if (focused) document.querySelector("#claim :is(button, a)")?.focus();
  };

  // A look that is due sooner stays due: a line that fails again and again puts nothing off.
  const later = () => {
    const wait = up ? WITH_LINE : WITHOUT_LINE;
    if (document.hidden || (next && due <= Date.now() + wait)) return;
    clearTimeout(next);
    due = Date.now() + wait;
    next = setTimeout(look, wait);
  };

  const look = () => {
    clearTimeout(soon);
    clearTimeout(next);
    soon = next = 0;
    if (document.hidden) return;
    lookedAt = Date.now();
    document.querySelectorAll(".news").forEach((one) => window.htmx?.trigger(one, "check"));
    holders();
    claim();
    later();
  };

  const lookSoon = () => {
    // A little spread, so that not all pages of the team ask in the same moment.
    const wait = Math.max(0, lookedAt + BURST - Date.now()) + Math.random() * 200;
    soon ||= setTimeout(look, wait);
  };

  // The line -------------------------------------------------------------------------------------------------------

  const shownUpTo = () => {
    const news = document.querySelector("#list .news")?.getAttribute("hx-get") ?? "";
    return Number(new URLSearchParams(news.split("?")[1]).get("since"));
  };

  const address = () => {
    const { live, liveCase, liveVersion } = word.dataset;
    return liveCase ? `${live}?${new URLSearchParams({ case: liveCase, version: liveVersion })}` : live;
  };

  const hangUp = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
    up = false;
  };

  const lost = () => {
    up = false;
    show(wasUp ? "lost" : "down");
    later();
  };

  const again = () => {
    hangUp();
    lost();
    pause = Math.min(pause * 2 || 2_000, 60_000);
    retry = setTimeout(call, pause * (0.75 + Math.random() / 2));
  };

  const call = () => {
    hangUp();
    if (document.hidden) return;
    heardAt = Date.now();
    source = new EventSource(address(), { withCredentials: true });
    const on = (name, act) =>
      source.addEventListener(name, (event) => {
        heardAt = Date.now();
        act(event);
      });
    on("open", () => {
      up = true;
      pause = 0;
      show("up");
      if (wasUp) lookSoon(); // whatever happened meanwhile
      wasUp = true;
      later();
    });
    on("cases", (event) => Number(event.data) > shownUpTo() && lookSoon());
    on("claims", lookSoon);
    on("case", lookSoon);
    on("beat", () => {});
    // The server wants no line of this page now: signed out, or too many of them.
    on("bye", () => {
      pause = 30_000;
      again();
    });
    source.addEventListener("error", () => {
      // The browser calls again by itself unless the answer was none that it understands.
      if (source?.readyState === EventSource.CLOSED) again();
      else lost();
    });
  };

  setInterval(() => {
    if (source && Date.now() - heardAt > SILENCE) again();
  }, 5_000);

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hangUp();
      clearTimeout(next);
      next = 0;
      return;
    }
    call();
    lookSoon();
  });
  addEventListener("online", () => !document.hidden && call());
  addEventListener("pagehide", hangUp);
  addEventListener("pageshow", (event) => {
    call();
    if (event.persisted) lookSoon();
    else later();
  });
})();
