/*
 * Keys of the team's pages, beside those of ombud.js: they hold to the same switch and are listed in the same dialog.
 *
 * data-go="q"             a link of the list of keys: g, then this key goes there
 */
(() => {
  "use strict";

  const PATIENCE = 1_500;
  const KEYS_OFF = "ombud.keys.off"; // as in ombud.js
  let asked = 0;

  const off = () => {
    try {
      return Boolean(localStorage.getItem(KEYS_OFF));
    } catch {
      return false;
    }
  };
  const typing = (target) =>
    target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type));

  const go = (key) => {
    const rows = document.querySelector("[data-keys-rows]");
    const link = rows?.content.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) location.assign(link.getAttribute("href"));
    return Boolean(link);
  };

  // Before ombud.js, so that the second key of a pair is no key of its own.
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
      if (off() || document.querySelector("dialog[open]")) return;
      const second = Date.now() - asked < PATIENCE;
      asked = 0;
      let done = false;
      if (second) done = go(event.key);
      else if (event.key === "g") {
        asked = Date.now();
        done = true;
      }
      if (!done) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
})();
