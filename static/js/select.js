/*
 * Choosing rows of a list. Without it the boxes and the button work all the same.
 *
 * data-picks           the form around the list; its [data-pick] are the boxes of the rows, [data-pick-all] the one above
 * data-picked          shown while something is chosen; [data-picked-count] in it says how many
 * x                    chooses the row that has the focus; Shift and a click choose everything between
 * What is chosen stays chosen when htmx brings the list again.
 */
(() => {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];
  let last = null; // the value of the box that was used last
  let kept = [];

  const show = () => {
    const boxes = all("[data-pick]");
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("[data-row]")?.toggleAttribute("data-chosen", box.checked));
    all("[data-pick-all]").forEach((box) => {
      box.hidden = false;
      box.checked = boxes.length > 0 && chosen.length === boxes.length;
      box.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    });
    all("[data-picked]").forEach((bar) => (bar.hidden = !chosen.length));
    all("[data-picked-count]").forEach((place) => {
      place.textContent = chosen.length ? `${chosen.length} ${place.dataset.pickedCount}` : "";
    });
  };

  const pick = (box, checked) => {
    box.checked = checked;
    last = box.value;
    show();
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pick]");
    if (!box) return;
    const boxes = all("[data-pick]");
    const from = boxes.findIndex((one) => one.value === last);
    const to = boxes.indexOf(box);
    if (event.shiftKey && from >= 0) {
      boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => (one.checked = box.checked));
    }
    pick(box, box.checked);
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    all("[data-pick]").forEach((box) => (box.checked = event.target.checked));
    show();
  });

  // Once the form has taken its choices back.
  document.addEventListener("reset", (event) => event.target.matches("[data-picks]") && setTimeout(show));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.matches("input:not([type=checkbox])")) return;
    if (document.querySelector("dialog[open]")) return;
    try {
      if (localStorage.getItem("ombud.keys.off")) return;
    } catch {
      // storage may be switched off: then the keys are on
    }
    const box = document.activeElement?.closest("[data-row]")?.querySelector("[data-pick]");
    if (!box) return;
    event.preventDefault();
    pick(box, !box.checked);
  });

  document.addEventListener("htmx:beforeSwap", () => (kept = all("[data-pick]:checked").map((box) => box.value)));
  document.addEventListener("htmx:afterSettle", () => {
    all("[data-pick]").forEach((box) => (box.checked = box.checked || kept.includes(box.value)));
    show();
  });
  document.addEventListener("DOMContentLoaded", show);
  addEventListener("pageshow", show);
})();
