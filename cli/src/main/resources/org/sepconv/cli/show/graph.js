"use strict";
// A drawn graph that can be moved and made larger or smaller: boxes and lines as ELK has laid them out.
const graphView = (() => {
  const svgElement = (tag, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes || {})) if (value !== undefined) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const LETTER = 7.25;
  const MARGIN = 26;
  const INPUT_MARGIN = 44;
  const MOST = 2.5;
  const ROOM = 16; // around the graph

  /** The end of a name says more than its start: exporters begin with the path of the module. */
  function cut(text, letters) {
    if (text.length <= letters) return text;
    const head = Math.floor((letters - 1) / 3);
    return text.slice(0, head) + "…" + text.slice(text.length - (letters - 1 - head));
  }

  /** A line with rounded corners. */
  function path(points) {
    let text = `M${points[0]} ${points[1]}`;
    for (let i = 2; i < points.length - 2; i += 2) {
      const [x, y] = [points[i], points[i + 1]];
      const near = (px, py) => {
        const length = Math.hypot(px - x, py - y) || 1;
        const step = Math.min(6, length / 2);
        return `${x + ((px - x) * step) / length} ${y + ((py - y) * step) / length}`;
      };
      text += `L${near(points[i - 2], points[i - 1])}Q${x} ${y} ${near(points[i + 2], points[i + 3])}`;
    }
    return text + `L${points.at(-2)} ${points.at(-1)}`;
  }

  function boxElement(box, labels) {
    const group = svgElement("g", {
      class: "box" + (labels.output ? " output" : ""),
      transform: `translate(${box.x} ${box.y})`,
      tabindex: "0",
      role: "button",
      style: `--kind: var(--${labels.colour})`,
      "aria-label": labels.lines.join(", "),
    });
    group.append(svgElement("title", {}, labels.title));
    group.append(svgElement("rect", { class: "body", width: box.width, height: box.height, rx: labels.input ? box.height / 2 : 6 }));
    group.append(svgElement("rect", { x: labels.input ? 12 : 0, y: labels.input ? 14 : 8, width: 5, height: box.height - (labels.input ? 28 : 16), rx: 2.5, class: "kind" }));
    const letters = Math.floor((box.width - (labels.input ? INPUT_MARGIN : MARGIN)) / LETTER + 0.01);
    labels.lines.forEach((line, i) => {
      const x = labels.input ? 22 : 14;
      group.append(svgElement("text", { class: ["first", "second", "third"][i], x, y: 18 + 16.5 * i }, cut(line, letters)));
    });
    if (labels.share > 0) {
      group.append(svgElement("rect", { x: 6, y: box.height - 4, width: Math.max(1, (box.width - 12) * labels.share), height: 3, class: "kind" }));
    }
    return group;
  }

  /**
   * Draws a graph into an element.
   *
   * labelsOf(name): { lines, title, colour, input, output, share } of a box; choose(name) is called when one is chosen.
   */
  function draw(parent, drawing, labelsOf, choose) {
    parent.replaceChildren();
    const svg = svgElement("svg", {});
    const world = svgElement("g", {});
    svg.append(world);
    parent.append(svg);
    const lines = drawing.lines.map((line) => ({ line, element: svgElement("path", { class: "line", d: path(line.points) }) }));
    for (const { line, element } of lines) {
      world.append(element);
      const [x, y] = line.points.slice(-2);
      world.append(svgElement("path", { class: "tip", d: `M${x} ${y}l-4 -7h8z` }));
    }
    const boxes = new Map();
    for (const box of drawing.boxes) {
      const element = boxElement(box, labelsOf(box.name));
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          event.stopPropagation();
          choose(box.name);
        }
      });
      boxes.set(box.name, { box, element });
      world.append(element);
    }

    const size = () => [parent.clientWidth || 1, parent.clientHeight || 1];
    let at = { x: 0, y: 0, scale: 1 };
    const least = () => Math.min(...fitScales(), 1) * 0.8;
    const fitScales = () => [(size()[0] - 2 * ROOM) / drawing.width, (size()[1] - 2 * ROOM) / drawing.height];
    function move(x, y, scale) {
      const [width, height] = size();
      const kept = Math.min(MOST, Math.max(least(), scale));
      // Some of the graph always stays in sight.
      const inside = (value, extent, all) => Math.min(all - 60, Math.max(60 - extent * kept, value));
      at = { x: inside(x, drawing.width, width), y: inside(y, drawing.height, height), scale: kept };
      parent.classList.toggle("far", kept < 0.3); // letters could not be read
      world.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.scale})`);
    }
    function zoom(factor, x = size()[0] / 2, y = size()[1] / 2) {
      const scale = Math.min(MOST, Math.max(least(), at.scale * factor));
      move(x - ((x - at.x) * scale) / at.scale, y - ((y - at.y) * scale) / at.scale, scale);
    }
    function fit() {
      const scale = Math.min(...fitScales(), 1);
      const [width, height] = size();
      move((width - drawing.width * scale) / 2, (height - drawing.height * scale) / 2, scale);
    }
    /** The top of the graph, as large as its width allows. */
    function top() {
      const scale = Math.max(0.45, Math.min(fitScales()[0], 1));
      const first = drawing.boxes[0];
      const wanted = (size()[0] - drawing.width * scale) / 2;
      const seen = drawing.width * scale > size()[0] ? size()[0] / 2 - (first.x + first.width / 2) * scale : wanted;
      move(seen, ROOM, scale);
    }
    function centre(name) {
      const found = boxes.get(name);
      if (!found) return;
      const { x, y, width, height } = found.box;
      const scale = Math.max(at.scale, 0.7);
      move(size()[0] / 2 - (x + width / 2) * scale, size()[1] / 2 - (y + height / 2) * scale, scale);
    }
    function isVisible(name) {
      const { x, y, width, height } = boxes.get(name).box;
      const [left, upper] = [at.x + x * at.scale, at.y + y * at.scale];
      return left >= 0 && upper >= 0 && left + width * at.scale <= size()[0] && upper + height * at.scale <= size()[1];
    }
    function mark(name) {
      for (const { element } of boxes.values()) element.classList.remove("chosen", "near");
      boxes.get(name)?.element.classList.add("chosen");
      for (const { line, element } of lines) {
        const near = line.from === name || line.to === name;
        element.classList.toggle("near", near);
        if (near) boxes.get(line.from === name ? line.to : line.from).element.classList.add("near");
      }
    }
    /** Like a scroll bar: not beyond the ends; whether anything moved. */
    function scroll(dx, dy) {
      const held = (value, delta, extent, all) => {
        const lowest = Math.min(value, all - ROOM - extent * at.scale);
        const highest = Math.max(value, ROOM);
        return Math.min(highest, Math.max(lowest, value + delta));
      };
      const before = at;
      move(held(at.x, dx, drawing.width, size()[0]), held(at.y, dy, drawing.height, size()[1]), at.scale);
      return before.x !== at.x || before.y !== at.y;
    }
    return { move: (dx, dy) => move(at.x + dx, at.y + dy, at.scale), scroll, zoom, fit, top, centre, mark, isVisible, has: (name) => boxes.has(name), nameOf: (target) => {
      const element = target.closest?.(".box");
      for (const [name, each] of boxes) if (each.element === element) return name;
      return undefined;
    } };
  }

  /** Fingers, mouse and keys, for whatever is drawn there. */
  function control(parent, current, choose) {
    const fingers = new Map();
    let moved = 0;
    const place = (event) => {
      const { left, top } = parent.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return { distance: Math.hypot(a.x - b.x, a.y - b.y) || 1, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    };
    parent.addEventListener("pointerdown", (event) => {
      if (fingers.size === 0) moved = 0;
      fingers.set(event.pointerId, { ...place(event), target: event.target });
      parent.setPointerCapture?.(event.pointerId);
      parent.classList.add("moving");
    });
    parent.addEventListener("pointermove", (event) => {
      const finger = fingers.get(event.pointerId);
      if (!finger) return;
      const now = place(event);
      const before = fingers.size === 2 ? spread() : undefined;
      const [dx, dy] = [now.x - finger.x, now.y - finger.y];
      moved += Math.hypot(dx, dy);
      Object.assign(finger, now);
      if (before) {
        const after = spread();
        current()?.move(after.x - before.x, after.y - before.y);
        current()?.zoom(after.distance / before.distance, after.x, after.y);
      } else if (fingers.size === 1) {
        current()?.move(dx, dy);
      }
    });
    const end = (event) => {
      const finger = fingers.get(event.pointerId);
      fingers.delete(event.pointerId);
      if (fingers.size === 0) parent.classList.remove("moving");
      if (finger && event.type === "pointerup" && moved < 6 && fingers.size === 0) {
        const name = current()?.nameOf(finger.target);
        if (name !== undefined) choose(name);
      }
    };
    parent.addEventListener("pointerup", end);
    parent.addEventListener("pointercancel", end);
    parent.addEventListener("wheel", (event) => {
      const step = event.deltaMode === 1 ? 18 : 1; // lines, or pixels
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        const { x, y } = place(event);
        current()?.zoom(Math.exp(-event.deltaY * step * 0.004), x, y);
        event.preventDefault();
      } else if (current()?.scroll(-sideways * step, event.shiftKey ? 0 : -event.deltaY * step)) {
        event.preventDefault(); // where the graph ends, the page goes on
      }
    }, { passive: false });
    parent.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: [0, 60], ArrowDown: [0, -60], ArrowLeft: [60, 0], ArrowRight: [-60, 0], PageUp: [0, 400], PageDown: [0, -400] };
      if (moves[event.key]) current()?.move(...moves[event.key]);
      else if (event.key === "+" || event.key === "=") current()?.zoom(1.25);
      else if (event.key === "-") current()?.zoom(0.8);
      else return;
      event.preventDefault();
    });
  }

  return { draw, control, svgElement };
})();
