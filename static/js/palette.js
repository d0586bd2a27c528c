/*
 * The palette: Ctrl-K (Command-K) opens it on every page of the team; a combobox after the ARIA pattern.
 *
 * The focus stays in the field, aria-activedescendant says which option is chosen. What the server finds comes in
 * groups of options with data-href; actions of the page are its elements with data-key-label, as in the list of keys.
 * data-open-palette       a button that opens it; hidden where there is no palette
 */
(() => {
  "use strict";

  const dialog = document.getElementById("palette");
  if (!dialog) return;

  const PAUSE = 120; // while somebody types
  const field = document.getElementById("palette-words");
  const list = document.getElementById("palette-list");
  const said = dialog.querySelector("[role=status]");
  const template = dialog.querySelector("[data-palette-group]");
  let waits = 0;
  let asked = null;
  let actions = [];

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    choose(all[(at + by + all.length) % all.length]);
  };

  // Actions of the page ----------------------------------------------------------------------------------------------

  const name = (one) => one.dataset.keyLabel || one.textContent.trim();

  const present = () =>
    [...document.querySelectorAll("[data-key-label]")].filter(
      (one) => one.getClientRects().length && !one.disabled && !dialog.contains(one),
    );

  const ofPage = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = actions.filter((one) => words.every((word) => name(one).toLowerCase().includes(word)));
    if (!fitting.length) return [];
    const group = template.content.firstElementChild.cloneNode(true);
    const title = group.firstElementChild;
    title.textContent = list.dataset.actions;
    title.id = "palette-actions";
    group.setAttribute("aria-labelledby", title.id);
    fitting.forEach((one) => {
      const option = group.appendChild(document.createElement("div"));
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.action = actions.indexOf(one);
      option.append(name(one), " ");
      if (one.dataset.key) option.appendChild(document.createElement("kbd")).textContent = one.dataset.key;
    });
    return [group];
  };

  // Results ----------------------------------------------------------------------------------------------------------

  const show = (groups) => {
    const own = ofPage(field.value);
    // Without words the actions come last: who opens it looks for a case more often.
    list.replaceChildren(...(field.value.trim() ? [...own, ...groups] : [...groups, ...own]));
    const all = options();
    all.forEach((option, number) => (option.id = `palette-option-${number}`));
    choose(all[0]);
    const words = { 0: said.dataset.none, 1: said.dataset.one }[all.length] ?? said.dataset.many;
    said.textContent = words.replace("{count}", all.length);
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = `${list.dataset.results}?${new URLSearchParams({ q: field.value })}`;
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      show([...page.querySelectorAll("[role=group]")]);
    } catch (error) {
      if (error.name === "AbortError") return; // newer words are asked for
      show([]);
      said.textContent = said.dataset.failed;
    }
  };

  const take = (option, elsewhere) => {
    if (!option) return;
    if (option.dataset.href) {
      if (elsewhere) window.open(option.dataset.href, "_blank", "noopener");
      else location.assign(option.dataset.href);
      return;
    }
    const action = actions[option.dataset.action];
    dialog.close();
    action.focus();
    if (!/^(TEXTAREA|INPUT|SELECT)$/.test(action.tagName)) action.click();
  };

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    actions = present();
    field.value = "";
    list.replaceChildren();
    said.textContent = "";
    dialog.showModal();
    field.focus();
    ask();
  };

  // Keys and the mouse -----------------------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault(); // the browser's own search
    if (dialog.open) dialog.close();
    else open();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key === "Enter") take(chosen(), event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, PAUSE);
  });
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
  // The focus stays in the field, or a screen reader would lose the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-palette-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(waits);
    asked?.abort();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-open-palette]") && open());
  document.querySelectorAll("[data-open-palette]").forEach((button) => (button.hidden = false));
})();
