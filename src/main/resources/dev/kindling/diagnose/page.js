'use strict';
// What every page draws with; the page's own script follows.
// Texts of the data (names of columns, classes and files) become text nodes and labels of charts, never markup.
window.addEventListener('error', event => { document.documentElement.dataset.error = event.message; });

const data = JSON.parse(document.getElementById('data').textContent);
const page = document.getElementById('page');
const charts = []; // {canvas, configure, chart}

// Okabe and Ito's colours, which colour-blind people tell apart too; those that vanish on the paper are left out.
const LIGHT = {
  series: ['#0072b2', '#d55e00', '#009e73', '#b0518a', '#8a6d00', '#3a9ad9', '#4d4d4d'],
  ages: ['#9ecae1', '#6baed6', '#4292c6', '#2171b5', '#08306b'],
  ink: '#1c2128', quiet: '#59636e', line: '#e3e7eb', paper: '#ffffff'
};
const DARK = {
  series: ['#56b4e9', '#e69f00', '#2cc295', '#e08bbd', '#f0e442', '#e8743b', '#c8c8c8'],
  ages: ['#2f5f8a', '#3f83b8', '#5aa5da', '#93c9ee', '#e3f2fd'],
  ink: '#e8ebee', quiet: '#a3adb8', line: '#2d333b', paper: '#1b1f24'
};
const DASHES = [[], [6, 4], [2, 3]];

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function number(value, digits = 4) {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) return value.toExponential(Math.min(2, digits - 1)).replace(/\.?0*e\+?/, 'e');
  return Number(value.toPrecision(size >= 1e4 ? 7 : digits)).toLocaleString('en-US', {maximumFractionDigits: 6});
}

function share(value) {
  return value === null || value === undefined ? '–' : value.toFixed(4);
}

function percent(share) {
  const value = 100 * share;
  return (value > 0 && value < 10 || value > 99 && value < 100 ? value.toFixed(1) : value.toFixed(0)) + ' %';
}

function short(text, most = 24) {
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

function section(title, ...children) {
  const made = element('section', {}, element('h2', {textContent: title}), ...children);
  page.append(made);
  return made;
}

function table(kind, head, rows) {
  const body = element('tbody', {}, ...rows);
  const made = element('table', {className: kind}, body);
  if (head) made.prepend(element('thead', {}, element('tr', {}, ...head.map(text => element('th', {}, text)))));
  return element('div', {className: 'scroll', tabIndex: 0}, made);
}

function figure(title, words, ...content) {
  return element('figure', {}, element('figcaption', {}, element('b', {textContent: title}),
    element('span', {textContent: words})), ...content);
}

/** A chart; `configure` is called with the colours, again whenever those change. */
function chart(label, configure, size = '') {
  const canvas = element('canvas', {});
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  charts.push({canvas, configure});
  return element('div', {className: 'plot ' + size}, canvas);
}

function plot(title, words, configure, size = '') {
  return figure(title, words, chart(title + '. ' + words, configure, size));
}

// --- scales and series

function axis(theme, title, more = {}) {
  return {
    title: {display: title !== '', text: title, color: theme.quiet},
    grid: {color: theme.line},
    border: {color: theme.line},
    ticks: {color: theme.quiet, maxRotation: 0, autoSkipPadding: 12},
    ...more
  };
}

/** Logarithmic where all values are positive and span decades. */
function valueAxis(theme, title, columns, logarithmic) {
  const values = columns.flat().filter(value => value !== null);
  const least = Math.min(...values);
  const largest = Math.max(...values);
  if (!(least > 0 && (logarithmic || largest / least >= 30))) {
    return axis(theme, title, {ticks: {color: theme.quiet, callback: value => number(value)}});
  }
  const decades = Math.log10(largest / least);
  return axis(theme, title + ' (log)', {
    type: 'logarithmic',
    ticks: {
      color: theme.quiet,
      autoSkip: false,
      callback: value => {
        const lead = Number(value.toExponential().split('e')[0]);
        const due = Math.round(Math.log10(value)) % Math.ceil(decades / 8) === 0;
        return lead === 1 && due || decades < 2 && (lead === 2 || lead === 5) ? number(value, 2) : null;
      }
    },
    grid: {
      color: context => context.tick && context.tick.label ? theme.line : 'transparent'
    }
  });
}

function points(xs, ys) {
  return xs.map((x, i) => ({x, y: ys[i]}));
}

function line(theme, place, label, xs, ys, more = {}) {
  const colour = theme.series[place % theme.series.length];
  return {
    label, data: points(xs, ys), borderColor: colour, backgroundColor: colour, borderWidth: 2,
    borderDash: DASHES[Math.floor(place / theme.series.length) % DASHES.length],
    pointRadius: xs.length > 60 ? 0 : xs.length > 1 ? 1.5 : 4, pointHoverRadius: 5, clip: 6, ...more
  };
}

/** A line to compare with. */
function reference(theme, label, from, to) {
  return {
    label, data: [from, to], borderColor: theme.quiet, backgroundColor: theme.quiet, borderWidth: 1.5,
    borderDash: [5, 5], pointRadius: 0, pointHoverRadius: 0
  };
}

function options(theme, scales, legend, more = {}) {
  return {
    responsive: true, maintainAspectRatio: false, animation: false,
    interaction: {mode: 'nearest', intersect: false},
    scales,
    ...more,
    plugins: {
      legend: {display: legend, position: 'bottom', labels: {color: theme.ink, boxWidth: 28, boxHeight: 1, padding: 10}},
      tooltip: {callbacks: {
        label: item => item.dataset.label + ': ' + number(item.parsed.y, 5),
        title: items => items.length ? scales.x.title.text + ' ' + number(items[0].parsed.x, 5) : ''
      }},
      ...(more.plugins || {})
    }
  };
}

// --- histograms

const BINS = 48;

/** Histograms over one another, of {epoch, least, width, counts}: each counted anew in the same bins. */
function spreads(title, words, histograms, name) {
  const known = histograms.filter(one => one.least !== null && one.width !== null);
  if (known.length === 0) return figure(title, 'Nothing but infinite values and those that are no number.');
  const least = Math.min(...known.map(one => one.least));
  const largest = Math.max(...known.map(one => one.least + one.counts.length * one.width));
  const width = (largest - least) / BINS;
  const shares = known.map(one => {
    const bins = new Array(BINS).fill(0);
    const total = one.counts.reduce((sum, count) => sum + count, 0);
    one.counts.forEach((count, i) => {
      // a wide bin's values are taken to lie evenly in it
      const from = (one.least + i * one.width - least) / width;
      const to = from + one.width / width;
      for (let bin = Math.floor(from); bin < Math.min(BINS, to); bin++) {
        const part = Math.min(to, bin + 1) - Math.max(from, bin);
        if (part > 0) bins[bin] += count / total * part / (to - from);
      }
    });
    return bins;
  });
  return plot(title, words, theme => ({
    type: 'line',
    data: {datasets: known.map((one, i) => {
      const colour = theme.ages[known.length === 1 ? 4 : Math.round(i * 4 / (known.length - 1))];
      return {
        label: name(one.epoch), borderColor: colour, backgroundColor: colour, stepped: 'middle', clip: 4,
        borderWidth: i === known.length - 1 ? 2.5 : 1.5, pointRadius: 0, pointHoverRadius: 4,
        order: known.length - i, data: shares[i].map((share, bin) => ({x: least + (bin + 0.5) * width, y: Math.sqrt(share)}))
      };
    })},
    options: options(theme, {
      x: axis(theme, 'value', {type: 'linear', min: least, max: largest, ticks: {color: theme.quiet, maxRotation: 0,
        autoSkipPadding: 16, includeBounds: false, callback: value => number(value, 3)}}),
      y: axis(theme, 'share (root scale)', {min: 0, afterBuildTicks: scale => {
        // round percentages, spread by their roots
        scale.ticks = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1].map(share => ({value: Math.sqrt(share)}))
          .filter(tick => tick.value <= scale.max * 1.001);
      }, ticks: {color: theme.quiet, autoSkip: false, callback: value => number(100 * value * value, 3) + ' %'}})
    }, true, {
      plugins: {
        legend: {position: 'bottom', reverse: true, labels: {color: theme.ink, boxWidth: 12, boxHeight: 1, padding: 8, font: {size: 11}}},
        tooltip: {callbacks: {
          title: items => items.length ? 'around ' + number(items[0].parsed.x, 3) : '',
          label: item => item.dataset.label + ': ' + percent(item.parsed.y ** 2)
        }}
      }
    })
  }));
}

function footer() {
  page.append(element('footer', {textContent: 'Written by Kindling; charts by Chart.js ' + Chart.version
    + ' (MIT licence). This file needs no network.'}));
}

// --- drawing, and again when the colours change

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function draw(theme) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const each of charts) {
    if (each.chart) each.chart.destroy();
    each.chart = new Chart(each.canvas, each.configure(theme));
  }
}

/** Draws the charts that have been made. */
function show() {
  draw(dark.matches ? DARK : LIGHT);
  dark.addEventListener('change', () => draw(dark.matches ? DARK : LIGHT));
  window.addEventListener('beforeprint', () => {
    draw(LIGHT);
    charts.forEach(each => each.chart.resize());
  });
  window.addEventListener('afterprint', () => draw(dark.matches ? DARK : LIGHT));
  document.documentElement.dataset.charts = charts.filter(each => Chart.getChart(each.canvas)).length;
}
