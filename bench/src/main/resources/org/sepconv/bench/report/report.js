"use strict";
(() => {
  const report = JSON.parse(document.getElementById("data").textContent);
  const rows = report.rows;
  const names = [...new Set(rows.map((row) => row.implementation))];
  const variants = [...new Set(rows.map((row) => row.variant))];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let printing = false;

  // Okabe and Ito's colours, which the colour-blind can tell apart; every series has its symbol too.
  const palettes = {
    light: {
      series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a87400", "#3a3f8f"],
      text: "#1c2127", muted: "#59626d", line: "#d5dae0", panel: "#ffffff",
    },
    dark: {
      series: ["#56b4e9", "#f08c48", "#2fc79a", "#e29bc3", "#f0c23c", "#a3a7f5"],
      text: "#e6e9ed", muted: "#9aa4b0", line: "#363d46", panel: "#1d2126",
    },
  };
  const symbols = ["circle", "triangle", "diamond", "rect", "pin", "roundRect"];
  const palette = () => (dark.matches && !printing ? palettes.dark : palettes.light);
  const colour = (name) => {
    const { series } = palette();
    return series[names.indexOf(name) % series.length];
  };
  const symbol = (name) => symbols[names.indexOf(name) % symbols.length];

  const significant = (value, digits = 3) => {
    if (value === 0) return "0";
    if (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4) return value.toExponential(digits - 1);
    return Number(value.toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: digits });
  };
  const percent = (share) => (100 * share).toFixed(1) + " %";
  const times = (factor) => factor.toFixed(2) + "×";
  const ms = (seconds) => significant(seconds * 1e3) + " ms";
  const label = (row) => (row.variant === "given" ? row.layer : row.layer + " " + row.variant);
  const spread = (row) => Math.max(...row.forkSeconds) / Math.min(...row.forkSeconds);
  const bimodal = (row) => row.modes.length > 1;
  const separable = (row) => row.convolution.startsWith("separable");
  const escape = (text) =>
    String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const element = (tag, text) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // ---- In short

  function summary() {
    const environment = report.environment;
    document.getElementById("environment").textContent = [
      environment.cpu, environment.processors + " processors", environment.os, environment.jdk,
      environment.date, report.threads + (report.threads === 1 ? " thread" : " threads"),
      report.forks + (report.forks === 1 ? " JVM" : " JVMs") + " for each row",
    ].join(" · ");
    const figures = document.getElementById("figures");
    const figure = (name, value) => {
      const group = element("div");
      group.append(element("dt", name), element("dd", value));
      figures.append(group);
    };
    figure("multiply-add peak, measured", significant(report.peakFlops / 1e9) + " GFLOP/s");
    figure("read bandwidth, measured", significant(report.bandwidth / 1e9) + " GB/s");
    for (const name of names) {
      const own = rows.filter((row) => row.implementation === name);
      const shares = own.map((row) => row.shareOfLimit).sort((a, b) => a - b);
      figure(name + ", median share of the limit", percent(shares[shares.length >> 1]));
      const factors = own.filter((row) => row.speedupOverBestPeer !== null).map((row) => row.speedupOverBestPeer);
      if (factors.length > 0) {
        const mean = Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length);
        figure(name + " over the fastest peer, geometric mean", times(mean));
      }
    }
    const notes = document.getElementById("notes");
    for (const row of rows) {
      if (bimodal(row)) {
        notes.append(element("li", `${label(row)} on ${row.implementation} is bimodal: it ran in ${row.modes.map(ms).join(" or in ")}.`));
      }
      if (row.errorOverBound > 1) {
        notes.append(element("li", `${label(row)} on ${row.implementation} is less exact than float32 allows: its error is ${significant(row.errorOverBound)} times the bound.`));
      }
    }
    for (const failure of report.failures) {
      notes.append(element("li", `Not measured: ${failure.layer} on ${failure.implementation}: ${failure.reason}`));
    }
  }

  // ---- Charts

  const charts = [];

  function common() {
    const colours = palette();
    return {
      animation: false,
      aria: { enabled: true },
      textStyle: { color: colours.text, fontFamily: getComputedStyle(document.body).fontFamily },
      legend: { type: "scroll", top: 0, left: 0, textStyle: { color: colours.text }, pageTextStyle: { color: colours.text } },
      tooltip: {
        backgroundColor: colours.panel, borderColor: colours.line, textStyle: { color: colours.text }, confine: true,
      },
      grid: { left: 20, right: 24, top: 40, bottom: 34, containLabel: true },
    };
  }

  function axis(name, options) {
    const colours = palette();
    return {
      name, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: colours.muted },
      axisLabel: { color: colours.text, hideOverlap: true, ...(options.axisLabel || {}) },
      axisLine: { show: true, lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: options.type !== "category", lineStyle: { color: colours.line } },
      minorSplitLine: { show: false },
      ...Object.fromEntries(Object.entries(options).filter(([key]) => key !== "axisLabel")),
    };
  }

  function categories(labels) {
    const narrow = document.body.clientWidth < 600;
    return axis("", {
      type: "category", data: labels, inverse: true,
      axisLabel: { interval: 0, width: narrow ? 110 : 260, overflow: "truncate", fontSize: narrow ? 10 : 12 },
    });
  }

  /** A chart whose option is made again whenever the page changes; none where there is no data. */
  function chart(id, makeOption, height) {
    const container = document.getElementById(id);
    let drawn = null;
    const draw = () => {
      const option = makeOption();
      if (typeof option === "string") {
        if (drawn) drawn.dispose();
        drawn = null;
        container.classList.add("empty");
        container.removeAttribute("role");
        container.removeAttribute("style");
        container.textContent = option;
        return;
      }
      if (height) container.style.height = height() + "px";
      if (!drawn) {
        container.classList.remove("empty");
        container.setAttribute("role", "img");
        container.textContent = "";
        drawn = echarts.init(container, null, { renderer: "svg" });
      }
      drawn.resize();
      drawn.setOption({ ...common(), ...option }, true);
    };
    draw();
    charts.push(draw);
    return draw;
  }

  function power(value, round) {
    return 2 ** round(Math.log2(value));
  }

  function logAxis(name, values, options = {}) {
    return axis(name, {
      type: "log", logBase: 2, min: power(Math.min(...values) * 0.999, Math.floor), max: power(Math.max(...values) * 1.001, Math.ceil),
      axisLabel: { formatter: (value) => significant(value) }, ...options,
    });
  }

  function tip(row) {
    return `<b>${escape(label(row))}</b> on ${escape(row.implementation)}<br>${escape(row.convolution)}<br>`
      + `input ${escape(row.input)}<br>${ms(row.seconds)}, ${significant(row.gflops)} GFLOP/s<br>`
      + `${percent(row.shareOfPeak)} of the peak, ${percent(row.shareOfLimit)} of the limit`;
  }

  const byImplementation = (wanted, point, options = {}) => names
    .map((name) => ({
      name, type: "scatter", symbol: symbol(name), symbolSize: 10, itemStyle: { color: colour(name), opacity: 0.85 },
      data: wanted.filter((row) => row.implementation === name).flatMap(point), ...options,
    }))
    .filter((series) => series.data.length > 0);

  const measures = {
    "milliseconds": { value: (row) => row.seconds * 1e3, axis: "ms", text: (value) => significant(value) + " ms" },
    "the share of the limit": { value: (row) => 100 * row.shareOfLimit, axis: "% of the limit", text: (value) => value.toFixed(1) + " %" },
    "GFLOP/s": { value: (row) => row.gflops, axis: "GFLOP/s", text: (value) => significant(value) + " GFLOP/s" },
    "the first run, cold": { value: (row) => row.firstSeconds * 1e3, axis: "ms", text: (value) => significant(value) + " ms" },
  };

  function options(id, values) {
    const select = document.getElementById(id);
    for (const value of values) select.append(new Option(value, value));
    return select;
  }

  function timeChart() {
    const measure = options("time-measure", Object.keys(measures));
    const variant = options("time-variant", variants);
    const chosen = () => rows.filter((row) => row.variant === variant.value);
    const layers = () => [...new Set(chosen().map((row) => row.layer))];
    const draw = chart("time", () => {
      const shown = measures[measure.value];
      return {
        tooltip: {
          ...common().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: shown.text,
        },
        xAxis: axis(shown.axis, { type: "value" }),
        yAxis: categories(layers()),
        series: names
          .map((name) => ({
            name, type: "bar", barMaxWidth: 14, itemStyle: { color: colour(name) },
            data: layers().map((layer) => {
              const row = chosen().find((each) => each.layer === layer && each.implementation === name);
              return row ? shown.value(row) : null;
            }),
          }))
          .filter((series) => series.data.some((value) => value !== null)),
      };
    }, () => 100 + layers().length * (14 + 13 * names.length));
    measure.addEventListener("change", draw);
    variant.addEventListener("change", draw);
  }

  function rooflineChart() {
    const device = options("roofline-device", report.devices.map((each) => each.name));
    const draw = chart("roofline", () => {
      if (rows.length === 0) return "There are no rows.";
      const limits = report.devices[Math.max(0, device.selectedIndex)];
      const wanted = rows.filter((row) => limits.implementations.includes(row.implementation));
      const intensity = (row) => row.flops / row.bytes;
      const xs = wanted.map(intensity);
      const ridge = limits.peakFlops / limits.bandwidth;
      const left = power(Math.min(...xs, ridge) * 0.999, Math.floor);
      const right = power(Math.max(...xs, ridge) * 1.001, Math.ceil);
      const roof = [[left, left * limits.bandwidth / 1e9], [ridge, limits.peakFlops / 1e9], [right, limits.peakFlops / 1e9]];
      const colours = palette();
      return {
        tooltip: { ...common().tooltip, formatter: (hit) => (hit.data.row ? tip(hit.data.row) : escape(hit.seriesName)) },
        xAxis: axis("FLOPs for each byte", { type: "log", logBase: 2, min: left, max: right, axisLabel: { formatter: (value) => significant(value) } }),
        yAxis: logAxis("GFLOP/s", [...wanted.map((row) => row.gflops), ...roof.map((point) => point[1])], { nameGap: 38 }),
        grid: { ...common().grid, left: 26 },
        series: [
          { name: "limit", type: "line", data: roof, showSymbol: false, lineStyle: { color: colours.text, width: 2 }, itemStyle: { color: colours.text } },
          ...byImplementation(wanted, (row) => [{ value: [intensity(row), row.gflops], row }]),
        ],
      };
    });
    device.addEventListener("change", draw);
  }

  function savings() {
    return rows.filter(separable).flatMap((row) => {
      const standard = rows.find((each) => each.variant === "standard" && each.layer === row.layer
        && each.implementation === row.implementation);
      return standard
        ? [{ layer: row.layer, implementation: row.implementation, promised: standard.flops / row.flops, realised: standard.seconds / row.seconds }]
        : [];
    });
  }

  function savingChart() {
    const all = savings();
    const layers = [...new Set(all.map((each) => each.layer))];
    chart("saving", () => {
      if (all.length === 0) {
        return "Measure both with: sepconv bench --variant separable,standard";
      }
      const colours = palette();
      return {
        tooltip: { ...common().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => (value === undefined ? "" : times(Array.isArray(value) ? value[0] : value)) },
        xAxis: axis("times", { type: "value" }),
        yAxis: categories(layers),
        series: [
          ...names.map((name) => ({
            name, type: "bar", barMaxWidth: 14, itemStyle: { color: colour(name) },
            data: layers.map((layer) => all.find((each) => each.layer === layer && each.implementation === name)?.realised),
          })).filter((series) => series.data.some((value) => value !== undefined)),
          {
            name: "promised", type: "scatter", symbol: "rect", symbolSize: [3, 8 + 13 * names.length], itemStyle: { color: colours.text },
            data: layers.map((layer) => all.find((each) => each.layer === layer).promised).map((value, i) => [value, i]),
          },
        ],
      };
    }, () => 100 + layers.length * (14 + 13 * names.length));
  }

  function predictionChart() {
    const wanted = rows.filter((row) => row.predictedSeconds !== null);
    chart("prediction", () => {
      if (wanted.length === 0) return "Nothing was predicted: the cost model knows backends only.";
      const values = wanted.flatMap((row) => [row.seconds * 1e3, row.predictedSeconds * 1e3]);
      const ends = [power(Math.min(...values) * 0.999, Math.floor), power(Math.max(...values) * 1.001, Math.ceil)];
      const colours = palette();
      const line = (name, factor, type) => ({
        name, type: "line", showSymbol: false, silent: true, clip: true, itemStyle: { color: colours.muted },
        lineStyle: { color: colours.muted, width: 1.5, type }, data: ends.map((end) => [end, end * factor]),
      });
      return {
        legend: { ...common().legend, data: names.filter((name) => wanted.some((row) => row.implementation === name)) },
        tooltip: {
          ...common().tooltip,
          formatter: ({ data: { row } }) => `${tip(row)}<br>predicted ${ms(row.predictedSeconds)}: ${times(row.predictedSeconds / row.seconds)} of that`,
        },
        xAxis: logAxis("measured, ms", ends, { min: ends[0], max: ends[1] }),
        yAxis: logAxis("predicted, ms", ends, { nameGap: 42, min: ends[0], max: ends[1] }),
        grid: { ...common().grid, left: 26 },
        series: [
          line("as predicted", 1, "solid"), line("a quarter longer", 1.25, "dashed"), line("a quarter shorter", 0.75, "dashed"),
          ...byImplementation(wanted, (row) => [{ value: [row.seconds * 1e3, row.predictedSeconds * 1e3], row }]),
        ],
      };
    });
  }

  function scanChart() {
    const scan = report.scan;
    if (scan.length === 0) {
      document.getElementById("scan-section").remove();
      return;
    }
    const key = (row) => `${row.series}: ${row.parameter}`;
    const devices = [...new Set(scan.map((row) => row.device))];
    const device = (name) => palette().series[devices.indexOf(name) % palette().series.length];
    const series = options("scan-series", [...new Set(scan.map(key))]);
    const predicted = (row) => row.gflops * row.seconds / row.predictedSeconds;
    const draw = chart("scan", () => {
      const shown = scan.filter((row) => key(row) === series.value);
      const values = [...new Set(shown.map((row) => row.value))].sort((a, b) => a - b);
      const point = (name, value, speed) => {
        const row = shown.find((each) => each.device === name && each.value === value);
        return row ? { value: speed(row), row } : null;
      };
      return {
        tooltip: {
          ...common().tooltip,
          formatter: ({ data: { row } }) => `<b>${escape(row.device)}</b><br>${escape(row.convolution)}<br>input ${escape(row.input)}<br>`
            + `${ms(row.seconds)}, predicted ${ms(row.predictedSeconds)}<br>${significant(row.gflops)} GFLOP/s`
            + row.reasons.map((reason) => "<br>cliff: " + escape(reason)).join(""),
        },
        xAxis: axis(shown[0].parameter, { type: "category", data: values.map(String), splitLine: { show: false } }),
        yAxis: logAxis("GFLOP/s", shown.flatMap((row) => [row.gflops, predicted(row)]), { nameGap: 42 }),
        grid: { ...common().grid, left: 26 },
        series: devices.flatMap((name, i) => [
          {
            name, type: "line", symbol: symbols[i % symbols.length], symbolSize: 8, connectNulls: true,
            itemStyle: { color: device(name) }, lineStyle: { color: device(name), width: 2 },
            data: values.map((value) => {
              const found = point(name, value, (row) => row.gflops);
              if (!found || found.row.reasons.length === 0) return found;
              return { ...found, symbol: "pin", symbolSize: 26, label: { show: true, formatter: "cliff", position: "bottom", color: palette().text } };
            }),
          },
          {
            name: name + ", predicted", type: "line", symbol: "none", connectNulls: true, silent: true,
            itemStyle: { color: device(name) }, lineStyle: { color: device(name), width: 1, type: "dashed" },
            data: values.map((value) => point(name, value, predicted)),
          },
        ]),
      };
    });
    series.addEventListener("change", draw);
    const list = document.getElementById("cliffs");
    for (const row of scan.filter((each) => each.reasons.length > 0)) {
      list.append(element("li", `${row.convolution} on ${row.device}, input ${row.input}: ${ms(row.seconds)}, ${row.reasons.join("; ")}.`));
    }
    if (list.childElementCount === 0) list.append(element("li", `No cliff among ${scan.length} shapes.`));
  }

  function spreadChart() {
    const labels = [...new Set(rows.map(label))];
    chart("spread", () => {
      if (report.forks < 2) return "Each row was measured in one JVM; --forks starts more.";
      const offset = (name) => (names.indexOf(name) - (names.length - 1) / 2) * (0.6 / names.length);
      const narrow = document.body.clientWidth < 600;
      return {
        tooltip: { ...common().tooltip, formatter: ({ data: { row, value } }) => `${tip(row)}<br>this JVM: ${times(value[0])}` },
        xAxis: axis("over the median JVM", { type: "value", scale: true, axisLabel: { formatter: (value) => value.toFixed(2) } }),
        yAxis: axis("", {
          type: "value", inverse: true, min: -1, max: labels.length, interval: 1, splitLine: { show: false },
          axisLabel: {
            hideOverlap: false, width: narrow ? 110 : 260, overflow: "truncate", fontSize: narrow ? 10 : 12, formatter: (i) => labels[i] ?? "",
          },
        }),
        series: byImplementation(rows, (row) => row.forkSeconds.map((seconds) => (
          { value: [seconds / row.seconds, labels.indexOf(label(row)) + offset(row.implementation)], row }))),
      };
    }, () => 110 + labels.length * (12 + 8 * names.length));
  }

  // ---- Table

  const columns = [
    { name: "layer", value: (row) => row.layer },
    { name: "variant", value: (row) => row.variant },
    { name: "on", value: (row) => row.implementation },
    { name: "ms", value: (row) => row.seconds * 1e3, text: (value) => significant(value) },
    { name: "forks", value: spread, text: (value, row) => times(value) + (bimodal(row) ? " bimodal" : "") },
    { name: "GFLOP/s", value: (row) => row.gflops, text: (value) => significant(value) },
    { name: "of peak", value: (row) => row.shareOfPeak, text: percent },
    { name: "of limit", value: (row) => row.shareOfLimit, text: percent },
    { name: "over peers", value: (row) => row.speedupOverBestPeer, text: times },
    { name: "predicted ms", value: (row) => row.predictedSeconds === null ? null : row.predictedSeconds * 1e3, text: (value) => significant(value) },
    { name: "prepare ms", value: (row) => row.prepareSeconds * 1e3, text: (value) => significant(value) },
    { name: "first run ms", value: (row) => row.firstSeconds * 1e3, text: (value) => significant(value) },
    { name: "bytes/run", value: (row) => row.bytesAllocated, text: (value) => Math.round(value).toLocaleString("en") },
    { name: "error", value: (row) => row.errorOverBound, text: (value) => significant(value) },
    { name: "input", value: (row) => row.input },
    { name: "convolution", value: (row) => row.convolution },
    { name: "kernel", value: (row) => row.kernel },
  ];

  function table() {
    const head = document.querySelector("#rows thead");
    const body = document.querySelector("#rows tbody");
    const filter = document.getElementById("filter");
    const lines = rows.map((row) => {
      const line = element("tr");
      const texts = columns.map((column, i) => {
        const value = column.value(row);
        const cell = element(i === 0 ? "th" : "td", value === null ? "" : column.text ? column.text(value, row) : value);
        if (i === 0) cell.scope = "row";
        if (column.text) cell.className = "number";
        line.append(cell);
        return cell.textContent;
      });
      return { row, line, text: texts.join(" ").toLowerCase() };
    });
    const show = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      const shown = lines.filter(({ text }) => words.every((word) => text.includes(word)));
      body.replaceChildren(...shown.map(({ line }) => line));
      document.getElementById("count").textContent = `${shown.length} of ${lines.length} rows`;
    };
    const sort = (column, header) => {
      const up = header.getAttribute("aria-sort") !== "ascending";
      head.querySelectorAll("th").forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
      lines.sort(({ row: a }, { row: b }) => {
        const [first, second] = [column.value(a), column.value(b)];
        if (first === null || second === null) return (first === null) - (second === null); // last
        return (up ? 1 : -1) * compare(first, second);
      });
      show();
    };
    const titles = element("tr");
    for (const column of columns) {
      const header = element("th");
      header.scope = "col";
      if (column.text) header.className = "number";
      const button = element("button", column.name);
      button.type = "button";
      button.addEventListener("click", () => sort(column, header));
      header.append(button);
      titles.append(header);
    }
    head.append(titles);
    filter.addEventListener("input", show);
    show();
  }

  summary();
  timeChart();
  rooflineChart();
  savingChart();
  predictionChart();
  scanChart();
  spreadChart();
  table();

  const redraw = () => charts.forEach((draw) => draw());
  dark.addEventListener("change", redraw);
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth !== width) {
      width = document.body.clientWidth;
      redraw();
    }
  }).observe(document.body);
  addEventListener("beforeprint", () => { printing = true; redraw(); });
  addEventListener("afterprint", () => { printing = false; redraw(); });
})();
