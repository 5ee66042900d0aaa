'use strict';
// Drawing functions for all pages and for the tab in the Spark UI. Texts in the data (names of columns, classes and files,
// errors) become text nodes and chart labels, never markup.

const charts = []; // {canvas, configure, chart}

// Okabe and Ito's colours, which colour-blind people can tell apart, without those that are too pale on the background.
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

function figure(title, words, ...content) {
  return element('figure', {}, element('figcaption', {}, element('b', {textContent: title}),
    element('span', {textContent: words})), ...content);
}

/** A chart. `configure` is called with the colours, and again when they change. */
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

/** A logarithmic axis if all values are positive and span decades. */
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

function epochAxis(theme, numbers) {
  return axis(theme, 'epoch', {
    type: 'linear',
    min: numbers.length > 1 ? numbers[0] : numbers[0] - 1,
    max: numbers.length > 1 ? numbers[numbers.length - 1] : numbers[0] + 1,
    ticks: {color: theme.quiet, maxRotation: 0, autoSkipPadding: 16, precision: 0, callback: value => Number.isInteger(value) ? value : null}
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

/** A reference line. */
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

const metricNames = {
  rmse: 'RMSE', mae: 'MAE', r2: 'R²', mape: 'MAPE', f1: 'F1', auc: 'ROC AUC', logLoss: 'log loss', brier: 'Brier score',
  averagePrecision: 'average precision', balancedAccuracy: 'balanced accuracy', calibrationError: 'calibration error'
};

/** A metric's name for readers. */
function metricName(name) {
  return metricNames[name] || name;
}

// --- the curves of a run {metric, bestEpoch, epochs}, which is read each time they are drawn

/** Training and validation curves by epoch, with the best epoch marked. */
function course(run, title, words, name, trainingKey, validationKey) {
  return plot(title, words, theme => {
    const epochs = run.epochs;
    const training = epochs[trainingKey];
    const validation = epochs[validationKey];
    const validated = validation.some(value => value !== null);
    const sets = [line(theme, 0, 'training', epochs.number, training)];
    if (validated) sets.push(line(theme, 1, 'validation', epochs.number, validation));
    const best = epochs.number.indexOf(run.bestEpoch);
    if (best >= 0) {
      sets.push({
        label: 'best epoch: ' + run.bestEpoch, data: [{x: run.bestEpoch, y: (validated ? validation : training)[best]}],
        showLine: false, pointStyle: 'rectRot', pointRadius: 8, pointHoverRadius: 9, borderWidth: 2,
        borderColor: theme.ink, backgroundColor: 'transparent', clip: 12
      });
    }
    return {
      type: 'line', data: {datasets: sets},
      options: options(theme, {x: epochAxis(theme, epochs.number), y: valueAxis(theme, name, [training, validation])}, true, {
        plugins: {legend: {position: 'bottom', labels: {
          color: theme.ink, usePointStyle: true, padding: 14,
          generateLabels: chart => Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label, i) =>
            Object.assign(label, {pointStyle: sets[i].showLine === false ? 'rectRot' : 'line', lineWidth: 2}))
        }}}
      })
    };
  });
}

function single(run, title, words, key) {
  const name = title.toLowerCase();
  return plot(title, words, theme => ({
    type: 'line', data: {datasets: [line(theme, 0, name, run.epochs.number, run.epochs[key])]},
    options: options(theme, {x: epochAxis(theme, run.epochs.number), y: valueAxis(theme, name, [run.epochs[key]])}, false)
  }));
}

/** Loss, metric, learning rate and gradient norm. */
function curves(run) {
  const metric = metricName(run.metric);
  return element('div', {className: 'grid'},
    course(run, 'Loss', 'Mean over the rows, without the penalty. The training loss is summed during the epoch, with dropout.',
      'loss', 'trainingLoss', 'validationLoss'),
    course(run, metric.charAt(0).toUpperCase() + metric.slice(1), 'On the same rows.',
      metric, 'trainingMetric', 'validationMetric'),
    single(run, 'Learning rate', 'At the last step of each epoch.', 'learningRate'),
    single(run, 'Gradient norm', 'At the last step of each epoch, before clipping.', 'gradientNorm'));
}

/** Draws all charts from their current data. */
function draw(theme) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const each of charts) {
    if (each.chart) each.chart.destroy();
    each.chart = new Chart(each.canvas, each.configure(theme));
  }
}
