"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { shown } = data;
  const byId = (id) => document.getElementById(id);
  const element = (tag, text, kind) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const count = (value) => value.toLocaleString("en");
  const fixed = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const ms = (seconds) => (seconds * 1e3).toLocaleString("en", { maximumSignificantDigits: 3 }) + " ms";
  const percent = (share) => fixed(100 * share, 1) + " %";
  const megabytes = (bytes) => (bytes < 1e5 ? count(bytes) + " bytes" : fixed(bytes / 1e6, 2) + " MB");
  const short = (value) => (value >= 1e9 ? fixed(value / 1e9, 2) + " G" : value >= 1e6 ? fixed(value / 1e6, 1) + " M" : value >= 1e4 ? fixed(value / 1e3, 0) + " k" : count(value));

  const KINDS = ["pointwise", "depthwise", "separable", "joined", "standard", "grouped", "transposed", "matrix", "pooling", "elementwise", "rearrangement"];
  const colour = (kind) => (KINDS.includes(kind) ? kind : "other");
  const run = shown.run;

  // ---- Both graphs, by the names of their nodes; of the one that runs, with the times of their parts

  function indexed(graph, drawing, timed) {
    const nodes = new Map(graph.nodes.map((node) => [node.name, { ...node, takers: [], parts: [] }]));
    const inputs = new Map(graph.inputs.map((input) => [input.name, { ...input, takers: [] }]));
    const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
    for (const node of graph.nodes) {
      for (const source of new Set(node.inputs)) (nodes.get(source) || inputs.get(source))?.takers.push(node.name);
    }
    if (timed) {
      let i = 0; // parts are in the order of the nodes; the stages of one have its name before a dot
      for (const part of run.profile.parts) {
        const belongs = (node) => part.name === node.name || part.name.startsWith(node.name + ".");
        const next = graph.nodes.findIndex((node, at) => at >= i && belongs(node));
        if (next >= 0) {
          i = next;
          nodes.get(graph.nodes[next].name).parts.push(part);
        }
      }
    }
    return { graph, drawing, nodes, inputs, constants, outputs: new Set(graph.outputs) };
  }
  const graphs = { before: indexed(shown.before, data.before, false), after: indexed(shown.after, data.after, run !== null) };
  const secondsOf = (node) => node.parts.reduce((sum, part) => sum + part.seconds, 0);
  const longest = Math.max(1e-12, ...[...graphs.after.nodes.values()].map(secondsOf));
  const becamePart = new Map(); // of which nodes that are left
  for (const node of shown.after.nodes) {
    for (const name of node.absorbed) becamePart.set(name, [...(becamePart.get(name) || []), node.name]);
  }

  // ---- The drawing

  let now = "after";
  let chosen;
  let view;
  const stage = byId("view");

  function labels(name) {
    const { nodes, inputs, outputs } = graphs[now];
    if (inputs.has(name)) {
      return { lines: [name, inputs.get(name).shape], title: "input " + name, colour: "input", input: true, share: 0 };
    }
    const node = nodes.get(name);
    const seconds = secondsOf(node);
    const third = node.output + (seconds > 0 ? "  " + fixed(seconds * 1e3, 3) + " ms" : "");
    return { lines: [node.brief, name, third], title: `${name}\n${node.operation}`, colour: colour(node.kind), output: outputs.has(name), share: seconds / longest };
  }

  function show(which) {
    now = which;
    for (const each of ["before", "after"]) byId("show-" + each).setAttribute("aria-pressed", String(each === which));
    const { graph, drawing } = graphs[which];
    if (drawing) {
      view = graphView.draw(stage, drawing, labels, choose);
      view.top();
    } else {
      view = undefined;
      stage.replaceChildren(element("p", `${count(graph.nodes.length)} nodes, or their lines, are too many to be drawn; all of them are in the table below.`, "note"));
    }
    byId("names").replaceChildren(...graph.nodes.map((node) => Object.assign(document.createElement("option"), { value: node.name })));
    const kinds = KINDS.filter((kind) => graph.nodes.some((node) => node.kind === kind));
    byId("kinds").replaceChildren(...kinds.map((kind) => {
      const item = element("li");
      const swatch = element("span", undefined, "swatch");
      swatch.style.background = `var(--${kind})`;
      item.append(swatch, element("span", `${kind}: ${graph.nodes.filter((node) => node.kind === kind).length}`));
      return item;
    }));
    table();
    const { nodes, inputs } = graphs[which];
    const kept = [chosen, ...(becamePart.get(chosen) || [])].find((name) => nodes.has(name) || inputs.has(name));
    choose(kept, kept !== undefined);
  }

  /** A node or an input, of the graph that is shown. */
  function choose(name, centred = false) {
    chosen = name;
    view?.mark(name);
    if (name !== undefined && view?.has(name) && (centred || !view.isVisible(name))) view.centre(name);
    for (const marked of document.querySelectorAll("tr.chosen, #stack rect.chosen, #memory rect.chosen")) marked.classList.remove("chosen");
    for (const marked of document.querySelectorAll("tr[data-node], rect[data-node]")) {
      if (marked.dataset.node === name) marked.classList.add("chosen");
    }
    details(name);
  }

  /** What is timed or kept is of the graph that runs. */
  function chooseAfter(name) {
    if (name === undefined) return;
    if (now !== "after") {
      chosen = name;
      show("after");
    } else {
      choose(name, true);
    }
  }

  function link(name, which = now) {
    const made = element("button", name, "link");
    made.type = "button";
    made.addEventListener("click", () => {
      chosen = name;
      if (which === now) choose(name, true);
      else show(which);
    });
    return made;
  }

  // ---- What is known of a node

  function details(name) {
    const panel = byId("details");
    const { nodes, inputs, constants, graph, outputs } = graphs[now];
    panel.replaceChildren();
    const list = element("dl");
    const line = (term, ...values) => {
      const definition = element("dd", undefined, values.length === 0 ? "none" : "");
      if (values.length === 0) definition.textContent = "none";
      for (const value of values) definition.append(value instanceof Node ? value : element("span", value));
      list.append(element("dt", term), definition);
    };
    const source = (from) =>
      constants.has(from) ? `${from}, constant ${constants.get(from).shape}` : link(from);
    if (inputs.has(name)) {
      const input = inputs.get(name);
      panel.append(element("h3", name), element("p", "input of the graph"));
      line("shape", input.shape);
      line("taken by", ...input.takers.map((each) => link(each)));
    } else if (nodes.has(name)) {
      const node = nodes.get(name);
      panel.append(element("h3", node.brief), element("p", name));
      line("operation", node.operation.replaceAll("->", "→"));
      line("takes", ...node.inputs.map(source));
      line("gives", node.output);
      line("taken by", ...node.takers.map((each) => link(each)), ...(outputs.has(name) ? ["the caller: it is an output"] : []));
      line("MACs", count(node.cost.macs));
      line("parameters", count(node.cost.parametersWithBias));
      line("bytes", megabytes(node.cost.bytes));
      line("FLOP/byte", fixed(node.cost.intensity, 1));
      line("weights", ...node.weights);
      if (now === "after" && shown.passes.length > 0) {
        line("made of", ...(node.absorbed.length > 0 ? [...node.absorbed, name].map((each) => graphs.before.nodes.has(each) ? link(each, "before") : each) : ["itself"]));
      }
      if (now === "before") {
        const left = graphs.after.nodes.has(name) ? [name] : becamePart.get(name) || [];
        line("after the passes", ...(left.length > 0 ? left.map((each) => link(each, "after"))
          : [graphs.after.constants.has(name) ? "a constant" : "gone: nothing needs it"]));
      }
      for (const part of node.parts) {
        const stageName = part.name === name ? "" : part.name.slice(name.length + 1) + " ";
        line(stageName + "time", `${ms(part.seconds)}, ${percent(part.seconds / run.profile.sumSeconds)} of the run`);
        line("predicted", ms(part.predictedSeconds));
        line("limit", `${ms(part.limitSeconds)}: at ${percent(part.limitShare)} of it`);
        line("kernel", part.kernel);
        if (part.onHost !== null) line("on the host", part.onHost);
      }
    } else {
      panel.append(element("h3", "The whole graph"), element("p", "Choose a node to see what is known of it."));
      line("nodes", count(graph.nodes.length));
      line("takes", ...[...inputs.values()].map((input) => link(input.name)));
      line("gives", ...graph.outputs.map((each) => link(each)));
      line("MACs", count(graph.total.macs));
      line("parameters", count(graph.total.parametersWithBias));
      line("constants", count(graph.constants.length));
      if (now === "after" && run !== null) line("a run", ms(run.timing.medianSeconds));
    }
    panel.append(list);
  }

  // ---- Tables

  function fill(id, columns, rows, total) {
    const [head, body, foot] = ["thead", "tbody", "tfoot"].map((tag) => byId(id).querySelector(tag));
    const cells = (values, tag) => values.map((value, i) => {
      const made = element(i === 0 ? "th" : tag, undefined, columns[i].kind || "");
      if (value instanceof Node) made.append(value);
      else made.textContent = value;
      if (columns[i].kind !== "number" && typeof value === "string") made.title = value;
      return made;
    });
    const headers = element("tr");
    headers.append(...columns.map((column) => element("th", column.name, column.kind === "number" ? "number" : "")));
    head.replaceChildren(headers);
    body.replaceChildren(...rows.map((row) => {
      const made = element("tr");
      if (row.node !== undefined) made.dataset.node = row.node;
      made.append(...cells(row.cells, "td"));
      return made;
    }));
    if (foot && total) {
      const made = element("tr");
      made.append(...cells(total, "td"));
      foot.replaceChildren(made);
    }
  }

  function table() {
    const { graph } = graphs[now];
    byId("nodes-title").textContent = now === "before" ? "All nodes before the passes" : "All nodes after the passes";
    fill("nodes",
      [{ name: "node" }, { name: "operation", kind: "text" }, { name: "inputs", kind: "text" }, { name: "output", kind: "text" }, { name: "MACs", kind: "number" }, { name: "parameters", kind: "number" }],
      graph.nodes.map((node) => ({ node: node.name, cells: [link(node.name), node.brief, node.inputs.join(", "), node.output, count(node.cost.macs), count(node.cost.parametersWithBias)] })),
      [count(graph.nodes.length) + " nodes", "", "", "", count(graph.total.macs), count(graph.total.parametersWithBias)]);
  }

  // ---- Time and memory

  function time() {
    const { profile, timing, threads, warm } = run;
    byId("time-section").hidden = false;
    const owner = new Map();
    for (const node of graphs.after.nodes.values()) for (const part of node.parts) owner.set(part, node);
    const sum = (value) => profile.parts.reduce((all, part) => all + value(part), 0);
    const predicted = sum((part) => part.predictedSeconds);
    const limit = sum((part) => part.limitSeconds);
    byId("time-text").textContent =
      `A run takes ${ms(timing.medianSeconds)} on ${shown.choice.device} with ${threads} ${threads === 1 ? "thread" : "threads"}, ` +
      `${ms(profile.runSeconds)} while its parts are timed. Predicted: ${ms(predicted)}. The limit of the device: ${ms(limit)}, ` +
      `${percent(limit / profile.sumSeconds)} of what the parts take.` + (warm ? "" : " It was still becoming faster when it was measured.");
    const kindOf = (part) => colour(owner.get(part)?.kind || "other");
    const name = (part) => part.name || "the whole graph";
    const row = (label, text, value, secondsOfPart, rest) => ({
      label, text, value, rest,
      parts: profile.parts.map((part) => ({ node: owner.get(part)?.name, value: secondsOfPart(part), colour: kindOf(part), title: `${name(part)}: ${ms(secondsOfPart(part))}` })),
    });
    charts.stack(byId("stack"), [
      row("measured", ms(profile.sumSeconds) + " in its parts" + (profile.runSeconds > profile.sumSeconds ? `, ${ms(profile.runSeconds - profile.sumSeconds)} besides` : ""),
        Math.max(profile.runSeconds, profile.sumSeconds), (part) => part.seconds, "not in the median of any part"),
      row("predicted", ms(predicted), predicted, (part) => part.predictedSeconds),
      row("limit", ms(limit), limit, (part) => part.limitSeconds),
    ], chooseAfter);
    const most = Math.max(...profile.parts.map((part) => Math.max(part.seconds, part.predictedSeconds)));
    fill("layers",
      [{ name: "node" }, { name: "time", kind: "bar" }, { name: "ms", kind: "number" }, { name: "share", kind: "number" }, { name: "predicted ms", kind: "number" },
        { name: "of limit", kind: "number" }, { name: "GFLOP/s", kind: "number" }, { name: "kernel", kind: "text" }],
      profile.parts.map((part) => ({
        node: owner.get(part)?.name,
        cells: [name(part), charts.partBar(part, most, kindOf(part)), fixed(part.seconds * 1e3, 3), percent(part.seconds / profile.sumSeconds), fixed(part.predictedSeconds * 1e3, 3),
          percent(part.limitShare), part.flops === 0 ? "-" : fixed(part.gflops, 1), part.onHost === null ? part.kernel : "host: " + part.onHost],
      })));
    byId("layers").querySelector("tbody").addEventListener("click", (event) => chooseAfter(event.target.closest("tr")?.dataset.node));
  }

  function memory() {
    const plan = run.memory;
    if (plan.bytes === 0) return;
    byId("memory-section").hidden = false;
    const blocks = plan.blocks.map((block) => {
      const node = graphs.after.nodes.get(block.values[0]);
      return { block, node: node?.name, colour: colour(node?.kind), title: `${block.values.join(", then ")}: ${megabytes(block.bytes)}, from ${plan.steps[block.first]} to ${plan.steps[block.last]}` };
    });
    const used = charts.memory(byId("memory"), plan, blocks, megabytes, chooseAfter);
    const most = Math.max(...used);
    byId("memory-text").textContent =
      `Values between the nodes lie in ${megabytes(plan.bytes)}, for each run under way. Most of it is in use at ${plan.steps[used.indexOf(most)]}: ${megabytes(most)}. ` +
      "Each block is a value, as high as its bytes, where it lies and as long as it is needed; the line is what is in use. Inputs, outputs, weights and constants are not among them.";
  }

  // ---- The rest of the page

  byId("title").textContent = shown.network;
  document.title = shown.network + " – Sepconv";
  byId("about").textContent = [
    shown.title, "weights " + shown.weights, `${count(shown.before.nodes.length)} nodes, ${count(shown.after.nodes.length)} after the passes for ${shown.choice.device}`,
    short(shown.before.total.macs) + " MACs", short(shown.before.total.parametersWithBias) + " parameters",
  ].join(" · ");
  for (const pass of shown.passes) {
    const made = element("details");
    made.append(element("summary", `${pass.pass}: ${count(pass.changes.length)} ${pass.changes.length === 1 ? "change" : "changes"}, ${count(pass.nodesBefore)} → ${count(pass.nodesAfter)} nodes`));
    const list = element("ul");
    list.append(...pass.changes.map((change) => element("li", change)));
    made.append(list);
    byId("passes").append(made);
  }
  if (shown.passes.length === 0) byId("passes").append(element("p", `Nothing: ${shown.choice.device} runs it as it is.`));

  for (const which of ["before", "after"]) byId("show-" + which).addEventListener("click", () => show(which));
  byId("in").addEventListener("click", () => view?.zoom(1.3));
  byId("out").addEventListener("click", () => view?.zoom(1 / 1.3));
  byId("fit").addEventListener("click", () => view?.fit());
  byId("find").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    const names = graphs[now].graph.nodes.map((node) => node.name);
    const found = names.find((name) => name.toLowerCase() === wanted) ?? names.find((name) => name.toLowerCase().includes(wanted));
    if (wanted && found !== undefined) choose(found, true);
  });
  graphView.control(stage, () => view, (name) => choose(name));
  show("after");
  if (run !== null) {
    time();
    memory();
  }
})();
