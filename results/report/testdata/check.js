// check.js runs within a report's page and looks for faults in it. browser_test.go
// calls its functions, most of which return a list of faults in words.
"use strict";

const check = {
  // Every figure has panels with points that can be seen.
  figures() {
    const faults = [], panels = document.querySelectorAll("figure svg.panel");
    if (panels.length === 0) faults.push("no figure");
    for (const panel of panels) {
      const name = panel.getAttribute("aria-label"), box = panel.getBoundingClientRect();
      if (!name) faults.push("a figure without text alternative");
      if (!panel.checkVisibility() || box.width < 200 || box.height < 100) faults.push(`invisible figure ${name}: ${box.width} x ${box.height}`);
      const points = panel.querySelectorAll(".point");
      if (points.length === 0) faults.push(`no point in figure ${name}`);
      for (const p of points) {
        const b = p.getBoundingClientRect();
        if (!(b.width > 1 && b.height > 1 && b.left >= box.left - 8 && b.right <= box.right + 8 && b.top >= box.top - 8 && b.bottom <= box.bottom + 8)) {
          faults.push(`a point of figure ${name} is not in it`);
          break;
        }
      }
      for (const text of panel.querySelectorAll("text")) {
        const b = text.getBoundingClientRect();
        if (b.left < box.left - 2 || b.right > box.right + 2) faults.push(`text "${text.textContent}" reaches out of figure ${name}`);
        if (parseFloat(getComputedStyle(text).fontSize) * box.width / panel.viewBox.baseVal.width < 8) faults.push(`text of less than 8 pixels in figure ${name}`);
      }
    }
    return faults;
  },

  // Every column of every table sorts, up and then down.
  tables() {
    const faults = [], tables = document.querySelectorAll("table.sortable");
    if (tables.length === 0) faults.push("no sortable table");
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const table of tables) {
      const body = table.tBodies[0], heads = Array.from(table.tHead.rows[0].cells);
      const name = table.caption ? table.caption.textContent : "";
      if (!name) faults.push("a table without caption");
      if (heads.some(h => h.scope !== "col")) faults.push(`table ${name}: a head without scope`);
      if (Array.from(body.rows).some(r => r.cells[0].scope !== "row")) faults.push(`table ${name}: a row without head`);
      const value = (row, i) => {
        const cell = row.cells[i];
        if (!("key" in cell.dataset)) return cell.textContent.trim() === "–" ? null : cell.textContent.trim();
        return cell.dataset.key === "" ? null : parseFloat(cell.dataset.key);
      };
      const order = new Intl.Collator("en", {numeric: true});
      heads.forEach((head, i) => {
        for (const direction of ["ascending", "descending"]) {
          const before = Array.from(body.rows);
          head.querySelector("button").click();
          const after = Array.from(body.rows);
          if (new Set(after).size !== before.length) faults.push(`table ${name}: rows were lost`);
          const states = heads.map(h => h.getAttribute("aria-sort"));
          if (states[i] !== direction || states.some((s, j) => j !== i && s !== "none")) faults.push(`table ${name}, column ${i}: aria-sort ${states}, want ${direction}`);
          for (let r = 1; r < after.length; r++) {
            const a = value(after[r - 1], i), b = value(after[r], i);
            let c = 0;
            if (a === null || b === null) c = (a === null) - (b === null);
            else if (typeof a === "number" && typeof b === "number") c = Math.sign(a === b ? 0 : a - b) * (direction === "ascending" ? 1 : -1);
            else c = order.compare(String(a), String(b)) * (direction === "ascending" ? 1 : -1);
            if (c > 0) faults.push(`table ${name}, column ${i}: not sorted ${direction}: ${a}, ${b}`);
            if (c === 0 && before.indexOf(after[r - 1]) > before.indexOf(after[r])) faults.push(`table ${name}, column ${i}: not stable`);
          }
        }
      });
    }
    return faults;
  },

  // Nothing is wider than the page.
  overflow() {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} wide on a screen of ${root.clientWidth}`] : [];
  },

  // Text has at least the contrast that level AA of WCAG demands of it, 4.5 to 1.
  contrast() {
    const parse = s => { const m = s.match(/[\d.]+/g).map(Number); return {rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1}; };
    const luminance = rgb => {
      const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = e => {
      for (; e; e = e.parentElement) {
        const c = parse(getComputedStyle(e).backgroundColor);
        if (c.a === 1) return c.rgb;
      }
      return [255, 255, 255];
    };
    const faults = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement;
      if (!walk.currentNode.data.trim() || e.closest("script, #tip") || !e.checkVisibility()) continue;
      const style = getComputedStyle(e), colour = parse(e.closest("svg") ? style.fill : style.color).rgb;
      const [a, b] = [luminance(colour), luminance(ground(e))].sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      if (contrast < 4.5) faults.add(`contrast ${contrast.toFixed(1)} of <${e.tagName.toLowerCase()} class="${e.getAttribute("class") || ""}">`);
    }
    return [...faults];
  },

  // Headings go down one level at a time.
  headings() {
    const levels = Array.from(document.querySelectorAll("h1, h2, h3, h4"), h => Number(h.tagName[1]));
    const faults = levels.filter(l => l === 1).length === 1 ? [] : ["not one h1"];
    levels.forEach((l, i) => { if (i > 0 && l > levels[i - 1] + 1) faults.push(`a heading of level ${l} below one of level ${levels[i - 1]}`); });
    const ids = Array.from(document.querySelectorAll("[id]"), e => e.id);
    if (new Set(ids).size !== ids.length) faults.push("an id twice");
    for (const a of document.querySelectorAll("a[href^='#']")) if (!document.getElementById(a.hash.slice(1))) faults.push(`no target of ${a.hash}`);
    return faults;
  },

  // The colour of the page's background.
  background() { return getComputedStyle(document.body).backgroundColor; },

  // Scrolls the k-th point into view and returns its place in the window, in CSS
  // pixels.
  point(k) {
    const node = document.querySelectorAll("svg.panel .point")[k];
    node.scrollIntoView({block: "center"});
    const m = node.getScreenCTM();
    return [m.e, m.f];
  },

  // The text of the values shown at the pointer, "" if none are.
  tip() {
    const tip = document.getElementById("tip"), box = tip.getBoundingClientRect();
    if (tip.hidden || !tip.checkVisibility()) return "";
    if (box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight) return "out of view: " + tip.textContent;
    return tip.textContent;
  },
};
