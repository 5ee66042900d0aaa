// Follows charts.js in the same script: functions that all stand-alone pages share. The page's own script follows.
window.addEventListener('error', event => { document.documentElement.dataset.error = event.message; });

const data = JSON.parse(document.getElementById('data').textContent);
const page = document.getElementById('page');

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

// --- histograms

const BINS = 48;

/** Overlaid histograms {epoch, least, width, counts}, all converted to the same bins. */
function spreads(title, words, histograms, name) {
  const known = histograms.filter(one => one.least !== null && one.width !== null);
  if (known.length === 0) return figure(title, 'No finite values.');
  const least = Math.min(...known.map(one => one.least));
  const largest = Math.max(...known.map(one => one.least + one.counts.length * one.width));
  const width = (largest - least) / BINS;
  const shares = known.map(one => {
    const bins = new Array(BINS).fill(0);
    const total = one.counts.reduce((sum, count) => sum + count, 0);
    one.counts.forEach((count, i) => {
      // assumes that values are evenly spread within a wide bin
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
      y: axis(theme, 'share (square-root scale)', {min: 0, afterBuildTicks: scale => {
        // round percentages, evenly spaced by their square roots
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

// --- drawing, repeated when the colour scheme changes

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Draws all charts. */
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
