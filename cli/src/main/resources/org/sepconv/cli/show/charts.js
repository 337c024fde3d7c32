"use strict";
// Bars of time and blocks of memory, as plain SVG.
const charts = (() => {
  const { svgElement } = graphView;
  const title = (element, text) => {
    element.append(svgElement("title", {}, text));
    return element;
  };

  /**
   * One bar for each row, all on one scale.
   *
   * rows: { label, value, text, parts: [{ name, value, colour, title }] }; what parts leave of a row's value is drawn empty.
   */
  function stack(parent, rows, choose) {
    const draw = () => {
      parent.replaceChildren();
      const width = Math.max(280, parent.clientWidth);
      const [bar, gap, top] = [26, 24, 16];
      const most = Math.max(...rows.map((row) => row.value));
      const svg = svgElement("svg", { viewBox: `0 0 ${width} ${rows.length * (bar + gap)}`, height: rows.length * (bar + gap), role: "img" });
      rows.forEach((row, i) => {
        const y = i * (bar + gap) + top;
        svg.append(svgElement("text", { x: 0, y: y - 4 }, `${row.label}: ${row.text}`));
        let x = 0;
        for (const part of row.parts) {
          const length = (part.value / most) * width;
          const rect = svgElement("rect", { class: "part", x, y, width: Math.max(0.1, length), height: bar, style: `fill: var(--${part.colour}); stroke-width: ${length > 4 ? 1 : 0}`, "data-node": part.node });
          rect.addEventListener("click", () => choose(part.node));
          svg.append(title(rect, part.title));
          x += length;
        }
        const rest = (row.value / most) * width - x;
        if (rest > 1) svg.append(title(svgElement("rect", { class: "rest", x, y, width: rest - 0.5, height: bar }), row.rest || ""));
      });
      parent.append(svg);
    };
    draw();
    addEventListener("resize", draw);
  }

  /** A bar of one part with its limit within and its prediction as a line; all as shares of the longest. */
  function partBar(part, longest, colour) {
    const percent = (value) => `${Math.min(100, (100 * value) / longest)}%`;
    const svg = svgElement("svg", {});
    svg.append(svgElement("rect", { x: 0, y: "10%", width: percent(part.seconds), height: "80%", rx: 2, style: `fill: var(--${colour})` }));
    svg.append(svgElement("rect", { class: "limit", x: 0, y: "30%", width: percent(Math.min(part.limitSeconds, part.seconds)), height: "40%" }));
    const at = percent(part.predictedSeconds);
    svg.append(svgElement("line", { x1: at, x2: at, y1: 0, y2: "100%" }));
    return svg;
  }

  /**
   * Blocks of memory: steps from left to right, bytes from bottom to top, each where it lies and as long as it is used.
   *
   * blocks: { block, title, colour, node }.
   */
  function memory(parent, plan, blocks, megabytes, choose) {
    const draw = () => {
      parent.replaceChildren();
      const width = Math.max(280, parent.clientWidth);
      const [left, right, top, bottom, height] = [4, 4, 22, 22, 300];
      const steps = plan.steps.length;
      const x = (step) => left + ((width - left - right) * step) / steps;
      const y = (bytes) => height - bottom - ((height - top - bottom) * bytes) / plan.bytes;
      const svg = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
      for (const { block, title: text, colour, node } of blocks) {
        const rect = svgElement("rect", {
          class: "block", x: x(block.first), y: y(block.offset + block.bytes), width: x(block.last + 1) - x(block.first),
          height: Math.max(0.5, y(block.offset) - y(block.offset + block.bytes)), style: `fill: var(--${colour})`, "data-node": node,
        });
        rect.addEventListener("click", () => choose(node));
        svg.append(title(rect, text));
      }
      const used = plan.steps.map((_, step) => blocks.reduce((sum, { block }) => sum + (block.first <= step && step <= block.last ? block.bytes : 0), 0));
      let line = `M${x(0)} ${y(used[0])}`;
      used.forEach((bytes, step) => (line += `V${y(bytes)}H${x(step + 1)}`));
      svg.append(svgElement("path", { class: "used", d: line }));
      svg.append(svgElement("line", { class: "peak", x1: left, x2: width - right, y1: y(plan.bytes), y2: y(plan.bytes) }));
      svg.append(svgElement("line", { class: "axis", x1: left, x2: width - right, y1: y(0), y2: y(0) }));
      svg.append(svgElement("text", { x: left, y: top - 7 }, `all of it: ${megabytes(plan.bytes)}`));
      svg.append(svgElement("text", { x: left, y: height - 6 }, "first node"));
      svg.append(svgElement("text", { x: width - right, y: height - 6, "text-anchor": "end" }, "last node"));
      parent.append(svg);
      return used;
    };
    addEventListener("resize", draw);
    return draw();
  }

  return { stack, partBar, memory };
})();
