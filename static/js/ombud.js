/*
 * What pages do beyond HTML. Every page outside the team's dashboard works without it.
 *
 * data-key="c"           pressing the key clicks (or focuses) the element; data-key-label names it in the list
 * data-row               j and k move the focus through these; o and Enter open the first link in one
 * data-copy="#id"        a button that copies the text of that element; data-copied is what it then says
 * data-autosubmit        a form, or a control of one, that is sent when it changes
 * data-remember="name"   details that keep their state in this browser
 * data-upload            a form of files that htmx sends; its data-progress says how much is sent
 * data-send              a field from which Ctrl (or Command) and Enter send its form
 * data-editor            a form with a text ([data-write]) and its preview ([data-preview]), which htmx brings; buttons
 *                        with data-show="write" and data-show="preview" show one of them
 * data-quote="/…/quote"  a link: what that address answers goes into the answer box ([data-answer]); of a comment with
 *                        selected words only the lines that hold them
 * data-report            a link to the form that reports something: selected words of it go along
 * data-copy-link         a link whose address is copied; data-copied is what it then says
 * data-left="seconds"    what is left of something when the page was made; kept right while it is open, and announced
 *                        by nobody. data-words holds {time}, data-over is what it says in the end
 * htmx answers with an error: what its page says (data-refusal) is shown above the content.
 * The server says something with the header HX-Trigger: {"say": "…"}.
 */
(() => {
  "use strict";

  const KEYS_OFF = "ombud.keys.off";
  const stored = {
    get(name) {
      try {
        return localStorage.getItem(name);
      } catch {
        return null; // storage may be switched off
      }
    },
    set(name, value) {
      try {
        localStorage.setItem(name, value);
      } catch {
        // then the choice holds for this page only
      }
    },
  };
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const visible = (element) => element.getClientRects().length > 0;

  // Menus ----------------------------------------------------------------------------------------------------------

  const closeMenus = (except) =>
    all("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

  // Keys -----------------------------------------------------------------------------------------------------------

  const dialog = () => document.getElementById("keys");
  const typing = (target) =>
    target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type));

  const move = (step) => {
    const rows = all("[data-row]").filter(visible);
    if (!rows.length) return false;
    const present = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[Math.min(Math.max(present + step, 0), rows.length - 1)];
    if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  };

  const open = () => {
    const link = document.activeElement?.closest("[data-row]")?.querySelector("a[href]");
    link?.click();
    return Boolean(link);
  };

  // Of two elements with the same key, that of the content counts, not that of the frame around it.
  const keyed = () => {
    const found = all("[data-key]").filter(visible);
    const ours = new Set(found.filter((one) => one.closest("main")).map((one) => one.dataset.key));
    return found.filter((one) => one.closest("main") || !ours.has(one.dataset.key));
  };

  const press = (key) => {
    const element = keyed().find((one) => one.dataset.key === key && !one.disabled);
    if (!element) return false;
    // Whoever refreshes a list by its key stays on the row: only what is typed into takes the focus.
    if (!typing(element)) element.click();
    else {
      element.focus();
      element.select?.();
    }
    return true;
  };

  const listKeys = () => {
    const box = dialog();
    const row = (keys, words) => {
      const line = document.createElement("div");
      const term = line.appendChild(document.createElement("dt"));
      term.appendChild(document.createElement("kbd")).textContent = keys;
      line.appendChild(document.createElement("dd")).textContent = words;
      return line;
    };
    const given = box.querySelector("[data-keys-rows]").content.cloneNode(true);
    const fixed = [...given.children].filter(
      (line) => !line.dataset.for || document.querySelector(line.dataset.for),
    );
    const own = keyed()
      .map((one) => row(one.dataset.key, one.dataset.keyLabel || one.textContent.trim()));
    box.querySelector("[data-keys]").replaceChildren(...fixed, ...own);
    box.querySelector("[data-keys-switch]").checked = !stored.get(KEYS_OFF);
    box.showModal();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-send]")) {
      event.preventDefault();
      return event.target.form.requestSubmit();
    }
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      closeMenus();
      if (menu?.contains(document.activeElement)) menu.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter") {
      if (event.target.matches("[data-row]") && open()) event.preventDefault();
      return;
    }
    // The list itself stays reachable, or nobody could switch the keys on again.
    if (event.key === "?" && listKeys()) return event.preventDefault();
    if (stored.get(KEYS_OFF)) return;
    const done =
      (event.key === "j" && move(1)) ||
      (event.key === "k" && move(-1)) ||
      (event.key === "o" && open()) ||
      press(event.key);
    if (done) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) stored.set(KEYS_OFF, event.target.checked ? "" : "yes");
    const sent = event.target.closest("[data-autosubmit]");
    if (sent) event.target.form?.requestSubmit();
  });

  // Copying, and asking for the list by a button ---------------------------------------------------------------------

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-open-keys]")) return listKeys();
    const button = event.target.closest("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (!source) return;
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      button.textContent = button.dataset.copied || words;
      setTimeout(() => (button.textContent = words), 2000);
    } catch {
      getSelection().selectAllChildren(source); // the person can copy what is selected
    }
  });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-copy-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = link.textContent;
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = link.dataset.copied;
      setTimeout(() => (link.textContent = words), 2000);
    } catch {
      location.assign(link.href); // from there the person can copy it
    }
  });

  // Writing: a text, its preview, and what is quoted in it -----------------------------------------------------------

  const showInEditor = (form, what) => {
    form.querySelector("[data-write]").hidden = what !== "write";
    form.querySelector("[data-preview]").hidden = what !== "preview";
    all("[data-show]", form).forEach((one) => one.setAttribute("aria-pressed", one.dataset.show === what));
    if (what === "write") form.querySelector("textarea").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show='write']");
    if (button) showInEditor(button.form, "write");
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches("[data-preview]")) showInEditor(event.target.closest("form"), "preview");
  });
  // A browser says what is missing beside the field: it has to be seen.
  document.addEventListener(
    "invalid",
    (event) => {
      const form = event.target.form;
      if (form?.matches("[data-editor]")) showInEditor(form, "write");
    },
    true,
  );

  const selectedIn = (element) => {
    const selection = getSelection();
    return element && selection.rangeCount && selection.containsNode(element, true) ? selection.toString() : "";
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-quote]");
    const field = link && document.querySelector("[data-answer] textarea");
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = selectedIn(link.closest("[data-row]")?.querySelector("[data-words]"));
    closeMenus();
    try {
      const answer = await fetch(`${link.dataset.quote}?${new URLSearchParams({ words })}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const written = field.value.trimEnd();
      field.value = (written && `${written}\n\n`) + (await answer.text());
    } catch {
      return say(document.getElementById("messages").dataset.offline, "stop");
    }
    showInEditor(field.form, "write");
    field.setSelectionRange(field.value.length, field.value.length);
    field.scrollIntoView({ block: "center" });
  });

  // The words that are selected go along to the form that reports them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-report]");
    if (!link) return;
    const row = link.closest("[data-row]");
    const words = selectedIn(row ? row.querySelector("[data-words]") : document.querySelector("main"));
    const address = new URL(link.href);
    address.searchParams.delete("passage");
    if (words.trim()) address.searchParams.set("passage", words.trim().slice(0, 1000));
    link.href = address;
  });

  // A form is sent once ----------------------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
    // After the browser has taken the values, so that the pressed button's own value is sent too.
    setTimeout(() => {
      all("button:not([type='button']), input[type='submit']", form).forEach((button) => {
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
        button.dataset.sent = "";
      });
    });
  });

  // Coming back with the back button: the page is as it was left, its buttons work again.
  addEventListener("pageshow", () => {
    all("[data-sent]").forEach((button) => {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      delete button.dataset.sent;
    });
  });

  // Details that remember --------------------------------------------------------------------------------------------

  const recall = (within) =>
    all("details[data-remember]", within).forEach((one) => {
      const state = stored.get(`ombud.details.${one.dataset.remember}`);
      if (state) one.open = state === "open";
    });

  document.addEventListener(
    "toggle",
    (event) => {
      const name = event.target.dataset?.remember;
      if (name) stored.set(`ombud.details.${name}`, event.target.open ? "open" : "closed");
    },
    true,
  );

  // How much of an upload is sent ------------------------------------------------------------------------------------

  const sent = (box, loaded, total) => {
    const bar = box.querySelector("progress");
    const percent = Math.floor((100 * loaded) / total);
    bar.value = percent;
    // Once in a while, because each change is read aloud to those who listen.
    const step = Math.floor(percent / 10);
    if (box.dataset.step === String(step)) return;
    box.dataset.step = step;
    const megabyte = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 };
    const size = (total / 2 ** 20).toLocaleString(document.documentElement.lang, megabyte);
    const words = percent < 100 ? box.dataset.sending : box.dataset.keeping;
    box.querySelector("[role=status]").textContent = words.replace("{percent}", percent).replace("{size}", size);
  };

  const progressOf = (event) => event.target.closest?.("[data-upload]")?.querySelector("[data-progress]");

  document.addEventListener("htmx:beforeRequest", (event) => {
    const box = progressOf(event);
    if (!box) return;
    const form = box.closest("form");
    const total = [...form.querySelector("[type=file]").files].reduce((sum, file) => sum + file.size, 0);
    if (total > Number(form.dataset.largest)) {
      // The server would refuse it unread, and a browser that is still sending may not hear why.
      event.preventDefault();
      return say(form.dataset.tooLarge, "stop");
    }
    box.hidden = false;
    delete box.dataset.step;
    box.querySelector("progress").value = 0;
  });
  // The answer's own progress comes after all is sent, and says nothing more.
  document.addEventListener("htmx:xhr:progress", (event) => {
    const box = progressOf(event);
    if (box && box.dataset.step !== "10" && event.detail.total) sent(box, event.detail.loaded, event.detail.total);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const box = progressOf(event);
    if (box && !event.detail.xhr.getResponseHeader("HX-Redirect")) box.hidden = true;
  });

  // What is left -----------------------------------------------------------------------------------------------------

  const UNITS = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];

  /** The two largest units, as the server says it; by the time that passed here, so that no wrong clock matters. */
  const inWords = (seconds) => {
    const language = document.documentElement.lang || "en";
    const parts = [];
    let rest = Math.max(seconds, 60);
    for (const [unit, size] of UNITS) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count) parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
    }
    return parts.slice(0, 2).join(", ");
  };

  const countDown = () =>
    all("[data-left]").forEach((one) => {
      const rest = Number(one.dataset.left) - performance.now() / 1_000;
      one.textContent = rest > 0 ? one.dataset.words.replace("{time}", inWords(rest)) : one.dataset.over;
    });

  setInterval(countDown, 30_000);

  // What htmx brings ---------------------------------------------------------------------------------------------------

  const say = (words, kind) => {
    const banner = document.createElement("div");
    banner.className = `banner ${kind}`;
    banner.setAttribute("role", kind === "stop" ? "alert" : "status");
    banner.dataset.said = "";
    banner.appendChild(document.createElement("p")).textContent = words;
    document.getElementById("messages")?.replaceChildren(banner);
  };

  const refusal = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector("[data-refusal]")?.textContent.trim();
  };

  document.addEventListener("say", (event) => say(event.detail.value ?? String(event.detail), "ok"));
  document.addEventListener("htmx:responseError", (event) => {
    const words = refusal(event.detail.xhr.responseText) || document.getElementById("messages").dataset.failed;
    say(words, "stop");
  });
  document.addEventListener("htmx:sendError", () => {
    say(document.getElementById("messages").dataset.offline, "stop");
  });
  document.addEventListener("htmx:load", (event) => recall(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => {
    recall(document);
    all("[data-show='write']").forEach((button) => (button.hidden = false));
  });
})();
