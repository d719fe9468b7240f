"use strict";
// The page can be read without any of this. It adds search, a dark and a light look, and pictures that zoom and fold.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, attributes, parent) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  // -- dark and light ------------------------------------------------------------------------------------------------
  const theme = document.getElementById("theme");
  const isDark = () => (document.documentElement.dataset.theme
    ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();

  // -- links lead into what is closed --------------------------------------------------------------------------------
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    // The browser itself has put the focus on what takes it. Doing so again could take it back from where Tab led since.
    if (!target || target.matches("[tabindex]")) return;
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    const card = target.closest("details, article, section");
    card?.scrollIntoView({ block: "start" });
    (card?.querySelector("summary") ?? target).focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  // A second click on the same link changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open]):not(.formula)").filter((one) => !one.closest("figcaption"));
    closed.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((one) => { one.open = false; }));

  // -- pictures ------------------------------------------------------------------------------------------------------
  const pictures = all("[data-picture]").map((picture) => {
    const viewport = picture.querySelector(".viewport");
    const svg = viewport.querySelector("svg");
    const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
    const shown = picture.querySelector(".scale");
    let scale = 1;

    const zoom = (wanted, x = viewport.clientWidth / 2, y = viewport.clientHeight / 2) => {
      const next = Math.min(4, Math.max(0.05, wanted));
      const left = (viewport.scrollLeft + x) / scale, top = (viewport.scrollTop + y) / scale;
      scale = next;
      svg.setAttribute("width", Math.round(width * scale));
      svg.setAttribute("height", Math.round(height * scale));
      viewport.scrollLeft = left * scale - x;
      viewport.scrollTop = top * scale - y;
      shown.textContent = `${Math.round(scale * 100)}%`;
    };
    const fit = () => zoom(Math.min(1, viewport.clientWidth / width, window.innerHeight * 0.75 / height));

    // What hangs from what.
    const boxes = new Map(all(".box", svg).map((box) => [box.id, { box, below: [], above: [], folded: false }]));
    const lines = all(".line", svg).map((line) => {
      const upper = boxes.get(line.dataset.upper), lower = boxes.get(line.dataset.lower);
      upper.below.push(lower);
      lower.above.push(upper);
      return { line, upper, lower };
    });
    const known = [...boxes.values()];
    const apply = () => {
      const reached = new Set();
      const visit = (one) => {
        if (reached.has(one)) return;
        reached.add(one);
        if (!one.folded) one.below.forEach(visit);
      };
      known.filter((one) => !one.above.length).forEach(visit);
      for (const one of known) {
        const hidden = !reached.has(one);
        one.box.toggleAttribute("hidden", hidden);
        one.toggle?.toggleAttribute("hidden", hidden);
        one.box.classList.toggle("folded", one.folded);
        if (one.below.length) one.box.setAttribute("aria-expanded", String(!one.folded));
        one.mark?.setAttribute("d", one.folded ? "M-4 0H4M0 -4V4" : "M-4 0H4");
      }
      for (const { line, upper, lower } of lines) {
        line.toggleAttribute("hidden", upper.folded || !reached.has(upper) || !reached.has(lower));
      }
    };
    const fold = (one, folded = !one.folded) => {
      if (!one.below.length) return;
      one.folded = folded;
      apply();
    };
    for (const one of known) {
      one.area = one.box.getBBox();
      if (!one.below.length) continue;
      const { x, y, width: w, height: h } = one.box.querySelector(".shape").getBBox();
      const corner = one.box.querySelector(".mark") ? x + 12 : x + w - 6;
      const toggle = make("g", { class: "fold", "aria-hidden": "true", transform: `translate(${corner} ${y + h})` }, svg);
      make("circle", { r: 8 }, toggle);
      one.mark = make("path", { d: "M-4 0H4" }, toggle);
      one.toggle = toggle;
      toggle.addEventListener("click", () => fold(one));
    }
    const show = (one) => {
      const area = one.box.getBoundingClientRect(), seen = viewport.getBoundingClientRect();
      if (area.left < seen.left) viewport.scrollLeft -= seen.left - area.left + 20;
      if (area.right > seen.right) viewport.scrollLeft += area.right - seen.right + 20;
      if (area.top < seen.top) viewport.scrollTop -= seen.top - area.top + 20;
      if (area.bottom > seen.bottom) viewport.scrollTop += area.bottom - seen.bottom + 20;
    };

    // One stop for Tab; from there arrow keys go around.
    let current = known.find((one) => one.box.classList.contains("goal")) ?? known[0];
    const go = (one) => {
      current.box.setAttribute("tabindex", "-1");
      current = one;
      current.box.setAttribute("tabindex", "0");
      current.box.focus({ preventScroll: true });
      show(current);
    };
    known.forEach((one) => one.box.setAttribute("tabindex", one === current ? "0" : "-1"));
    const around = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const next = ([dx, dy]) => {
      const middle = (one) => [one.area.x + one.area.width / 2, one.area.y + one.area.height / 2];
      const [x, y] = middle(current);
      let best = null, least = Infinity;
      for (const one of known) {
        if (one === current || one.box.hasAttribute("hidden")) continue;
        const [a, b] = middle(one);
        const along = (a - x) * dx + (b - y) * dy, aside = Math.abs((a - x) * dy) + Math.abs((b - y) * dx);
        if (along < 20) continue;
        const linked = dy && (dy > 0 ? current.below : current.above).includes(one) ? 0.2 : 1;
        const cost = (along + 2 * aside) * linked;
        if (cost < least) [best, least] = [one, cost];
      }
      return best;
    };
    viewport.addEventListener("focusin", (event) => {
      const one = boxes.get(event.target.closest(".box")?.id);
      if (!one) return;
      if (one !== current) {
        current.box.setAttribute("tabindex", "-1");
        current = one;
        current.box.setAttribute("tabindex", "0");
      }
      show(one);
    });
    viewport.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const one = boxes.get(event.target.closest(".box")?.id);
      if (one && event.key in around) {
        const found = next(around[event.key]);
        if (found) go(found);
      } else if (one && (event.key === "f" || event.key === " ")) fold(one);
      else if (event.key === "+" || event.key === "=") zoom(scale * 1.25);
      else if (event.key === "-") zoom(scale / 1.25);
      else if (event.key === "0") fit();
      else return;
      event.preventDefault();
    });

    viewport.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const seen = viewport.getBoundingClientRect();
      zoom(scale * Math.exp(-event.deltaY / 400), event.clientX - seen.left, event.clientY - seen.top);
    }, { passive: false });

    // The mouse drags; fingers scroll anyway.
    viewport.classList.add("grab");
    let grip = null, moved = false;
    viewport.addEventListener("pointerdown", (event) => {
      moved = false;
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest(".fold")) return;
      grip = { x: event.clientX, y: event.clientY, left: viewport.scrollLeft, top: viewport.scrollTop };
    });
    addEventListener("pointermove", (event) => {
      if (!grip) return;
      moved ||= Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > 4;
      if (!moved) return;
      viewport.classList.add("grabbing");
      viewport.scrollLeft = grip.left - event.clientX + grip.x;
      viewport.scrollTop = grip.top - event.clientY + grip.y;
    });
    addEventListener("pointerup", () => { grip = null; viewport.classList.remove("grabbing"); });
    viewport.addEventListener("dragstart", (event) => event.preventDefault());
    viewport.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);

    const goals = () => known.filter((one) => one.box.classList.contains("goal"));
    const acts = {
      in: () => zoom(scale * 1.25), out: () => zoom(scale / 1.25), fit, whole: () => zoom(1),
      fold: () => {
        known.forEach((one) => { one.folded = one.below.length > 0; });
        apply();
        const [goal] = goals();
        if (goal) show(goal);
      },
      unfold: () => { known.forEach((one) => { one.folded = false; }); apply(); },
    };
    picture.querySelector(".tools").hidden = false;
    all("[data-act]", picture).forEach((button) => button.addEventListener("click", acts[button.dataset.act]));
    all(".keys", picture).forEach((one) => { one.hidden = false; });

    apply();
    fit();
    if (scale < 0.6) zoom(0.6);
    if (current) {
      const { x, width: w } = current.area;
      viewport.scrollLeft = (x + w / 2 - svg.viewBox.baseVal.x) * scale - viewport.clientWidth / 2;
      viewport.scrollTop = 0;
    }
    return { known, lines, unfold: acts.unfold, show };
  });

  // -- search --------------------------------------------------------------------------------------------------------
  const field = document.getElementById("search"), found = document.getElementById("found");
  const entries = all("[data-entry]").map((entry) => ({ entry, text: entry.textContent.toLowerCase() }));
  const boxes = pictures.flatMap((picture) => picture.known.map((one) => ({
    ...one, picture, text: one.box.getAttribute("aria-label").toLowerCase(),
  })));
  let hits = [], at = -1;
  const search = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text) => words.every((word) => text.includes(word));
    let number = 0;
    for (const { entry, text } of entries) {
      entry.hidden = !matches(text);
      number += words.length && !entry.hidden ? 1 : 0;
    }
    for (const group of all(".group")) group.hidden = words.length > 0 && !group.querySelector("[data-entry]:not([hidden])");
    for (const one of boxes) {
      const hit = words.length > 0 && matches(one.text);
      one.box.classList.toggle("hit", hit);
      one.box.classList.toggle("dim", words.length > 0 && !hit);
    }
    for (const { lines } of pictures) lines.forEach(({ line }) => line.classList.toggle("dim", words.length > 0));
    hits = boxes.filter((one) => one.box.classList.contains("hit"));
    at = -1;
    found.textContent = words.length ? `${number} found` : "";
  };
  field.addEventListener("input", search);
  field.form.hidden = false;
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!hits.length) return;
    at = (at + 1) % hits.length;
    hits[at].picture.unfold();
    hits[at].box.closest("[data-picture]").scrollIntoView({ block: "nearest" });
    hits[at].picture.show(hits[at]);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; search(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input")) return;
    event.preventDefault();
    field.focus();
  });

  reveal();
})();
