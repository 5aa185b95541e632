"use strict";

// Tables sort by the column whose head is pressed, up first, then down. Numbers
// go by their full value, what is missing stays last, and ties keep their order.
function key(row, column) {
  const cell = row.cells[column];
  if (cell.dataset.key === undefined) return cell.textContent.trim();
  return cell.dataset.key === "" ? NaN : Number(cell.dataset.key);
}

function compare(a, b, direction) {
  const missing = x => Number.isNaN(x) || x === "–";
  if (missing(a) || missing(b)) return missing(a) - missing(b);
  if (typeof a === "number" && typeof b === "number") return a === b ? 0 : direction * (a < b ? -1 : 1);
  return direction * String(a).localeCompare(String(b), "en", {numeric: true});
}

for (const button of document.querySelectorAll("table.sortable thead button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), body = head.closest("table").tBodies[0];
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = Array.from(body.rows, row => ({row, key: key(row, head.cellIndex)}));
    rows.sort((a, b) => compare(a.key, b.key, up ? 1 : -1));
    body.append(...rows.map(r => r.row));
  });
}

// A figure shows the values of the points nearest to the pointer. Without this
// script the browser shows the titles of the points.
const tip = document.getElementById("tip");
const reach = 24, same = 4; // in units of the panel

for (const panel of document.querySelectorAll("svg.panel")) {
  const points = Array.from(panel.querySelectorAll(".point"), node => {
    const title = node.querySelector("title"), at = node.transform.baseVal[0].matrix;
    title.remove();
    return {node, x: at.e, y: at.f, text: title.textContent};
  });
  const leave = () => {
    tip.hidden = true;
    for (const p of points) p.node.classList.remove("chosen");
  };
  const show = event => {
    leave();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(panel.getScreenCTM().inverse());
    const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
    let nearest = null;
    for (const p of points) if (nearest === null || distance(p, at) < distance(nearest, at)) nearest = p;
    if (nearest === null || distance(nearest, at) > reach) return;
    const chosen = points.filter(p => distance(p, nearest) <= same);
    for (const p of chosen) p.node.classList.add("chosen");
    tip.textContent = chosen.map(p => p.text).join("\n\n");
    tip.hidden = false;
    const box = nearest.node.getBoundingClientRect();
    const left = Math.min(Math.max(box.left + box.width / 2 - tip.offsetWidth / 2, 4), document.documentElement.clientWidth - tip.offsetWidth - 4);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = left + scrollX + "px";
    tip.style.top = (above > 4 ? above : box.bottom + 8) + scrollY + "px";
  };
  panel.addEventListener("pointermove", show);
  panel.addEventListener("pointerdown", show);
  panel.addEventListener("pointerleave", leave);
}
